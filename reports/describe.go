package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

const (
	rowMessages = 8  // reasons for failing of one resource that are shown
	rowWhere    = 34 // columns of a place; an account and the longest region need 27
)

// rowOf is a failure in words for a page of a width.
func rowOf(res *model.Result, width int) row {
	out := row{name: clip(nameOf(res), 2*width), where: clip(placeOf(res), rowWhere)}
	for i, f := range res.Findings {
		if i == rowMessages {
			out.why = append(out.why, "and "+count(len(res.Findings)-i, "more reason"))
			break
		}
		out.why = append(out.why, clip(Clean(messageOf(&f)), 5*width))
	}
	if len(out.why) == 0 {
		out.why = []string{"the rule gives no reason"}
	}
	return out
}

func nameOf(res *model.Result) string {
	switch {
	case res.Gap:
		return Clean(strings.TrimSpace("all " + kindName(res.Resource.Kind) + " " + where(res.Resource.Account, res.Resource.Region)))
	case res.Name != "":
		return Clean(res.Name)
	default:
		return Clean(res.Resource.ID)
	}
}

// placeOf is where a person goes to mend it: the line of a file, or the account
// and region.
func placeOf(res *model.Result) string {
	o := res.Origin
	switch {
	case o != nil && o.File != "" && o.Line > 0:
		return Clean(fmt.Sprintf("%s:%d", o.File, o.Line))
	case o != nil && o.File != "":
		return Clean(o.File)
	case res.Resource.Account == "" && res.Resource.Region == "" && o != nil:
		return Clean(o.Address)
	default:
		return Clean(strings.TrimSpace(res.Resource.Account + " " + res.Resource.Region))
	}
}

// whyUnknown is the reasons of a result with the attributes that they concern:
// "kms:GetKeyRotationStatus denied (rotation_enabled)".
func whyUnknown(res *model.Result) string {
	attributes := map[string][]string{}
	for _, path := range slices.Sorted(maps.Keys(res.Unknown)) {
		why := Clean(res.Unknown[path].String())
		attributes[why] = append(attributes[why], Clean(strings.TrimPrefix(path, "resource.")))
	}
	var all []string
	for _, why := range slices.Sorted(maps.Keys(attributes)) {
		if res.Gap {
			all = append(all, why)
		} else {
			all = append(all, fmt.Sprintf("%s (%s)", why, strings.Join(attributes[why], ", ")))
		}
	}
	if len(all) == 0 {
		return "no reason is given"
	}
	return strings.Join(all, "; ")
}

package events

import (
	"encoding/json"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// selector is what an event selector of a trail, basic or advanced, keeps of
// management events ("EventSelector", "AdvancedFieldSelector" of the CloudTrail
// API Reference).
type selector struct {
	reads, writes bool
	part          bool // a filter on anything else leaves some out
	excluded      []string
}

// selectors reads which management events the selectors of a call leave a trail.
// An event is recorded when one of them keeps it.
func (d *decoder) selectors() (management model.Value[string], excluded model.Value[[]string]) {
	basic, hasBasic := d.m.get("eventSelectors")
	advanced, hasAdvanced := d.m.get("advancedEventSelectors")
	var list []selector
	ok := true
	switch {
	case !hasBasic && !hasAdvanced:
		return model.None[string](), model.None[[]string]()
	case hasAdvanced:
		list, ok = advancedSelectors(advanced)
	default:
		list, ok = basicSelectors(basic)
	}
	if !ok {
		return strange[string](d, "eventSelectors", "a list of selectors"), strange[[]string](d, "eventSelectors", "a list of selectors")
	}
	var all selector
	for _, s := range list {
		if s.part {
			all.part = true
		} else {
			all.reads, all.writes = all.reads || s.reads, all.writes || s.writes
		}
	}
	reads := leftOut(list, func(s selector) bool { return s.reads })
	writes := leftOut(list, func(s selector) bool { return s.writes })
	all.excluded = slices.Concat(reads, writes)
	slices.Sort(all.excluded)
	return model.Known(all.word()), model.Known(slices.Compact(all.excluded))
}

// leftOut are the services that each of some selectors leaves out. One with a
// filter makes up for none of them, since nobody knows what it keeps, unless all
// have one.
func leftOut(list []selector, of func(selector) bool) []string {
	list = slices.DeleteFunc(slices.Clone(list), func(s selector) bool { return !of(s) })
	if slices.ContainsFunc(list, func(s selector) bool { return !s.part }) {
		list = slices.DeleteFunc(list, func(s selector) bool { return s.part })
	}
	left := []string{}
	if len(list) == 0 {
		return left
	}
	for _, source := range list[0].excluded {
		if !slices.ContainsFunc(list, func(s selector) bool { return !slices.Contains(s.excluded, source) }) {
			left = append(left, source)
		}
	}
	return left
}

func (s *selector) word() string {
	switch {
	case s.reads && s.writes:
		return "All"
	case s.part:
		return "Some"
	case !s.reads && !s.writes:
		return "None"
	case !s.writes:
		return "ReadOnly"
	default:
		return "WriteOnly"
	}
}

// basicSelectors: what is left out of one means all management events.
func basicSelectors(raw json.RawMessage) (list []selector, ok bool) {
	var written []struct {
		ReadWriteType string   `json:"readWriteType"`
		Management    *bool    `json:"includeManagementEvents"`
		Excluded      []string `json:"excludeManagementEventSources"`
	}
	if json.Unmarshal(raw, &written) != nil {
		return nil, false
	}
	for _, w := range written {
		if w.Management == nil || *w.Management {
			list = append(list, selector{reads: w.ReadWriteType != "WriteOnly", writes: w.ReadWriteType != "ReadOnly", excluded: w.Excluded})
		}
	}
	return list, true
}

func advancedSelectors(raw json.RawMessage) (list []selector, ok bool) {
	var written []struct {
		Fields []struct {
			Field     string   `json:"field"`
			Equals    []string `json:"equals"`
			NotEquals []string `json:"notEquals"`
			// Each of these leaves some out that only a list of all values would tell.
			StartsWith    []string `json:"startsWith"`
			EndsWith      []string `json:"endsWith"`
			NotStartsWith []string `json:"notStartsWith"`
			NotEndsWith   []string `json:"notEndsWith"`
		} `json:"fieldSelectors"`
	}
	if json.Unmarshal(raw, &written) != nil {
		return nil, false
	}
	for _, w := range written {
		s, management := selector{reads: true, writes: true}, false
		for _, f := range w.Fields {
			if len(f.StartsWith)+len(f.EndsWith)+len(f.NotStartsWith)+len(f.NotEndsWith) > 0 {
				s.part = true
			}
			switch {
			case f.Field == "eventCategory":
				management = slices.Contains(f.Equals, "Management")
			case f.Field == "readOnly" && len(f.Equals) > 0:
				s.reads, s.writes = slices.Contains(f.Equals, "true"), slices.Contains(f.Equals, "false")
			case f.Field == "eventSource" && len(f.NotEquals) > 0 && len(f.Equals) == 0:
				s.excluded = f.NotEquals
			default:
				s.part = true
			}
		}
		if management {
			list = append(list, s)
		}
	}
	return list, true
}

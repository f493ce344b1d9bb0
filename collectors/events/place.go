package events

import (
	"strings"
	"time"
)

// Place is what the key of an object says of what is in it. What the key does
// not say is empty.
type Place struct {
	Kind    ObjectKind
	Org     string // o-…, of an organization's trail
	Account string
	Region  string
	// From and To bound when it was delivered, UTC; To is exclusive. Zero: unknown.
	From, To time.Time
}

// ObjectKind is a kind of object that CloudTrail delivers.
type ObjectKind int

// The kinds of objects. The zero kind is one that the key does not tell.
const (
	ObjectUnknown ObjectKind = iota
	ObjectLog
	ObjectDigest
	ObjectInsight
)

// PlaceOf reads the path of a file or folder, in whatever folder of the layout
// the path begins:
//
//	AWSLogs/<org>/<account>/CloudTrail/<region>/yyyy/mm/dd/<account>_CloudTrail_<region>_yyyymmddThhmmZ_<unique>.json.gz
//
// ("Finding your CloudTrail log files", "CloudTrail log file name format"). Folders
// say more than the name of the file, which counts where they are silent.
func PlaceOf(path string) Place {
	parts := strings.Split(path, "/")
	var p Place
	for i, part := range parts {
		kind := objectKind(part)
		if kind == ObjectUnknown {
			continue
		}
		p.Kind = kind
		p.Account = ifAccount(at(parts, i-1))
		p.Org = ifOrg(at(parts, i-2))
		if after := parts[i+1:]; len(after) > 0 && regionName(after[0]) {
			p.Region = after[0]
			p.From, p.To = days(after[1:])
		}
		break
	}
	if p.Kind == ObjectUnknown { // a folder above: AWSLogs/o-…/111122223333
		p.Account = ifAccount(parts[len(parts)-1])
		p.Org = ifOrg(at(parts, len(parts)-2))
	}
	p.name(parts[len(parts)-1])
	return p
}

// name adds what the name of a file says.
func (p *Place) name(name string) {
	m := strings.Split(name, "_")
	if len(m) < 4 || ifAccount(m[0]) == "" {
		return
	}
	kind := objectKind(m[1])
	if kind == ObjectUnknown || !regionName(m[2]) {
		return
	}
	if p.Kind == ObjectUnknown {
		p.Kind = kind
	}
	if p.Account == "" {
		p.Account = m[0]
	}
	if p.Region == "" {
		p.Region = m[2]
	}
	// The name tells the minute, where the folder tells the day. Of a digest the
	// time stands last, with seconds; its day is enough.
	if t, err := time.Parse("20060102T1504Z", m[3]); err == nil && kind == ObjectLog && t.Year() >= 2000 {
		if p.From.IsZero() || !t.Before(p.From) && t.Before(p.To) {
			p.From, p.To = t, t.Add(time.Minute)
		}
	}
}

func objectKind(part string) ObjectKind {
	switch part {
	case "CloudTrail":
		return ObjectLog
	case "CloudTrail-Digest":
		return ObjectDigest
	case "CloudTrail-Insight":
		return ObjectInsight
	default:
		return ObjectUnknown
	}
}

// days reads yyyy, yyyy/mm or yyyy/mm/dd.
func days(parts []string) (from, to time.Time) {
	layout, text := "", ""
	for i, l := range []string{"2006", "01", "02"} {
		if i >= len(parts) {
			break
		}
		t, err := time.Parse(layout+l, text+parts[i])
		if err != nil || t.Year() < 2000 { // the year 1 would be no time at all
			break
		}
		layout, text = layout+l, text+parts[i]
		from = t
		to = t.AddDate(0, 0, 1)
		switch i {
		case 0:
			to = t.AddDate(1, 0, 0)
		case 1:
			to = t.AddDate(0, 1, 0)
		}
	}
	return from, to
}

func at(parts []string, i int) string {
	if i < 0 || i >= len(parts) {
		return ""
	}
	return parts[i]
}

func ifAccount(s string) string {
	if len(s) == 12 && strings.Trim(s, "0123456789") == "" {
		return s
	}
	return ""
}

func ifOrg(s string) string {
	if strings.HasPrefix(s, "o-") {
		return s
	}
	return ""
}

// regionName tells us-gov-west-1 from a year or a file.
func regionName(s string) bool {
	if len(s) < 8 || s[0] < 'a' || s[0] > 'z' || strings.Count(s, "-") < 2 {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

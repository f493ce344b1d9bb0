package reports

import (
	"github.com/keyproof/keyproof/model"
)

// ages show how old secrets are, in a colour that judges nothing: which age is
// too old is for rules to say.
func (d *document) ages() {
	ages := d.report.Summary.Ages
	if ages == nil {
		return
	}
	d.chart("Secrets by age of the value", ageBars(ages.Value))
	d.chart("Secrets by time since rotation", ageBars(ages.Rotated))
}

// ageBars are empty when nothing is known of any secret.
func ageBars(a model.Ages) (all []bar) {
	if a.Total() == a.Unknown {
		return nil
	}
	for _, band := range []struct {
		name string
		n    int
	}{
		{"up to 30 days", a.Days30}, {"31 to 90 days", a.Days90}, {"91 to 180 days", a.Days180}, {"181 to 365 days", a.Days365},
		{"more than a year", a.Older}, {"never", a.Never},
	} {
		all = append(all, bar{band.name, []share{{"age", plainCount(band.n, "secret"), band.n}}, a.Total()})
	}
	return append(all, bar{"unknown", []share{{"unknown", plainCount(a.Unknown, "secret"), a.Unknown}}, a.Total()})
}

// plainCount is the word alone, in the number that n asks for.
func plainCount(n int, one string) string {
	if n == 1 {
		return one
	}
	return plural(one)
}

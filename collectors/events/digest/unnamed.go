package digest

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/collectors/events"
)

// span is a time that verified digests speak of.
type span struct{ from, to time.Time }

// proven remembers the time of a verified digest. Digests come newest first, and
// those that follow each other make one span.
func (v *verifier) proven(place events.Place, f *file) {
	at := [2]string{place.Account, place.Region}
	list := v.spans[at]
	if n := len(list); n > 0 && list[n-1].from.Equal(f.end) {
		list[n-1].from = f.start
		return
	}
	v.spans[at] = append(list, span{f.start, f.end})
}

// counts tells whether a path is that of a log that has to be named by a digest.
func (v *verifier) counts(path string, place events.Place) bool {
	switch {
	case place.Kind != events.ObjectLog || !strings.HasSuffix(path, ".json.gz"):
		return false
	case !wanted(v.o.Accounts, place.Account) || !wanted(v.o.Regions, place.Region):
		return false
	case !v.o.Since.IsZero() && !place.To.IsZero() && !place.To.After(v.o.Since):
		return false
	}
	return v.o.Until.IsZero() || place.From.Before(v.o.Until)
}

// unnamed reports the logs that no digest speaks of. In a time that verified
// digests speak of each is named; elsewhere, where validation was off or the
// digest is yet to come, they are counted by account and region. Which they are
// takes another walk, unless the number and the sum of hashes of those in the
// archive are those of the named ones.
func (v *verifier) unnamed(ctx context.Context) error {
	if count, sum := v.named.settle(); count == v.present.count && sum == v.present.sum {
		return nil
	}
	type group struct {
		first string
		count int
	}
	var order [][2]string
	groups := map[[2]string]*group{}
	err := events.Walk(ctx, v.fsys, v.skip, func(path string, _ fs.DirEntry, err error) error {
		place := events.PlaceOf(path)
		if err != nil || !v.counts(path, place) || v.named.has(path) {
			return nil // a folder that cannot be listed was told before
		}
		v.report.Logs.Unproven++
		at := [2]string{place.Account, place.Region}
		if slices.ContainsFunc(v.spans[at], func(s span) bool { return !place.From.Before(s.from) && place.To.Before(s.to) }) {
			v.report.add(Problem{KindUnnamedLog, path, "no digest of its time names it: somebody added it, or another trail delivers here without validation"})
			return nil
		}
		if groups[at] == nil {
			groups[at], order = &group{first: path}, append(order, at)
		}
		groups[at].count++
		return nil
	})
	for _, at := range order {
		g := groups[at]
		v.report.add(Problem{KindUnnamedLog, g.first, fmt.Sprintf("no digest speaks of the time of it and of %d other logs of %s in %s: validation was off, or the digest is yet to come", g.count-1, at[0], at[1])})
	}
	return err
}

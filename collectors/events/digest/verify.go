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

// verifier is one run.
type verifier struct {
	fsys   fs.FS
	o      Options
	keys   ring
	report *Report
	// logs are the paths of the logs in the archive; true once a digest names it.
	logs map[string]bool
	// spans are the times that verified digests speak of, by account and region.
	spans map[[2]string][]span
}

type span struct{ from, to time.Time }

// Verify verifies an archive. An error means that the archive itself could not be
// read: whatever is wrong with what is in it is in the report.
func Verify(ctx context.Context, fsys fs.FS, o Options) (*Report, error) {
	v := &verifier{fsys: fsys, o: o, keys: newRing(o.Keys), report: &Report{Chains: []Chain{}, Problems: []Problem{}}, logs: map[string]bool{}, spans: map[[2]string][]span{}}
	chains, err := v.list(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range chains {
		if err := v.chain(ctx, c); err != nil {
			return nil, err
		}
	}
	v.unnamed()
	return v.report, nil
}

// paths are the digests of one chain.
type paths struct {
	name     string
	place    events.Place
	backfill bool
	files    []string // oldest first
}

// list finds the chains and the logs.
func (v *verifier) list(ctx context.Context) ([]*paths, error) {
	var chains []*paths
	byName := map[string]*paths{}
	err := fs.WalkDir(v.fsys, ".", func(path string, entry fs.DirEntry, err error) error {
		place := events.PlaceOf(path)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && path == ".":
			return err
		case err != nil:
			v.report.add(Problem{KindUnreadable, path, "the folder cannot be listed: " + err.Error()})
			return nil
		case !wanted(v.o.Accounts, place.Account) || !wanted(v.o.Regions, place.Region):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() || !strings.HasSuffix(path, ".json.gz"):
			return nil
		case place.Kind == events.ObjectLog:
			v.logs[path] = false
		case place.Kind == events.ObjectDigest:
			name, _, backfill := chainName(path)
			c := byName[name]
			if c == nil {
				c = &paths{name: title(name, place), place: place, backfill: backfill}
				byName[name], chains = c, append(chains, c)
			}
			c.files = append(c.files, path)
		}
		return nil
	})
	for _, c := range chains {
		slices.SortStableFunc(c.files, func(a, b string) int {
			_, left, _ := chainName(a)
			_, right, _ := chainName(b)
			return strings.Compare(left, right)
		})
	}
	return chains, err
}

func wanted(list []string, name string) bool {
	return len(list) == 0 || name == "" || slices.Contains(list, name)
}

// chainName splits the path of a digest into its chain, which is its folder but
// for the date and its name but for the time, and the time.
func chainName(path string) (chain, end string, backfill bool) {
	dir, name := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, name = path[:i], path[i+1:]
	}
	name, backfill = strings.CutSuffix(strings.TrimSuffix(name, ".json.gz"), "_backfill")
	if i := strings.LastIndexByte(name, '_'); i >= 0 {
		name, end = name[:i], name[i+1:]
	}
	parts := strings.Split(dir, "/")
	for len(parts) > 0 && strings.Trim(parts[len(parts)-1], "0123456789") == "" {
		parts = parts[:len(parts)-1]
	}
	chain = strings.Join(parts, "/") + "/" + name
	if backfill {
		chain += " (backfill)"
	}
	return chain, end, backfill
}

// title is the name of a chain for people, such as "111122223333 eu-west-1 audit".
func title(chain string, place events.Place) string {
	name := chain[strings.LastIndexByte(chain, '/')+1:]
	prefix := place.Account + "_CloudTrail-Digest_" + place.Region + "_"
	trail, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return name // not named as CloudTrail names them
	}
	trail = strings.Replace(trail, "_"+place.Region, "", 1) // the trail's home, where it is the same
	return place.Account + " " + place.Region + " " + trail
}

// unnamed reports the logs that no digest speaks of. In a time that verified
// digests speak of each is named; elsewhere, where validation was off or the
// digest is yet to come, they are counted by account and region.
func (v *verifier) unnamed() {
	type group struct {
		first string
		count int
	}
	var order [][2]string
	groups := map[[2]string]*group{}
	rest := make([]string, 0)
	for path, named := range v.logs {
		if !named {
			rest = append(rest, path)
		}
	}
	slices.Sort(rest)
	for _, path := range rest {
		place := events.PlaceOf(path)
		if !v.o.Since.IsZero() && !place.To.IsZero() && !place.To.After(v.o.Since) || !v.o.Until.IsZero() && !place.From.Before(v.o.Until) {
			continue
		}
		v.report.Logs.Unproven++
		at := [2]string{place.Account, place.Region}
		if slices.ContainsFunc(v.spans[at], func(s span) bool { return !place.From.Before(s.from) && place.To.Before(s.to) }) {
			v.report.add(Problem{KindUnnamedLog, path, "no digest of its time names it: somebody added it, or another trail delivers here without validation"})
			continue
		}
		if groups[at] == nil {
			groups[at], order = &group{first: path}, append(order, at)
		}
		groups[at].count++
	}
	for _, at := range order {
		g := groups[at]
		v.report.add(Problem{KindUnnamedLog, g.first, fmt.Sprintf("no digest speaks of the time of it and of %d other logs of %s in %s: validation was off, or the digest is yet to come", g.count-1, at[0], at[1])})
	}
}

package digest

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/collectors/events"
)

// verifier is one run. What it keeps does not grow with the archive, but for eight
// bytes a log and the paths of the digests of one region of an account.
type verifier struct {
	fsys    fs.FS
	o       Options
	keys    ring
	report  *Report
	named   *named // logs in the archive that digests name
	present struct {
		count int
		sum   uint64 // of the hashes of their paths
	}
	// spans are the times that verified digests speak of, by account and region.
	spans map[[2]string][]span
	// signed says that the file system has the signatures of digests.
	signed bool
}

// Signed is a file system that knows the signature of each digest, as S3 does: its
// files have Metadata.
type Signed interface{ Signed() bool }

// Verify verifies an archive. An error means that the archive itself could not be
// read: whatever is wrong with what is in it is in the report.
func Verify(ctx context.Context, fsys fs.FS, o Options) (*Report, error) {
	v := &verifier{fsys: fsys, o: o, keys: newRing(o.Keys), report: &Report{Chains: []Chain{}, Problems: []Problem{}}, named: newNamed(), spans: map[[2]string][]span{}}
	if s, ok := fsys.(Signed); ok {
		v.signed = s.Signed()
	}
	if err := v.walk(ctx); err != nil {
		return nil, err
	}
	if err := v.unnamed(ctx); err != nil {
		return nil, err
	}
	return v.report, nil
}

// paths are the digests of one chain.
type paths struct {
	name     string
	place    events.Place
	backfill bool
	files    []string // oldest first
}

// walk finds the logs and the chains, and verifies the chains of a region of an
// account when it has seen all of that folder.
func (v *verifier) walk(ctx context.Context) error {
	here, elsewhere := &chains{}, &chains{} // of the folder that the walk is in; of digests outside of the layout
	err := events.Walk(ctx, v.fsys, v.skip, func(path string, _ fs.DirEntry, err error) error {
		place := events.PlaceOf(path)
		switch {
		case err != nil && path == ".":
			return err
		case err != nil:
			v.report.add(Problem{KindUnreadable, path, "the folder cannot be listed: " + cause(err)})
			return nil
		case v.counts(path, place):
			v.present.count++
			v.present.sum += v.named.hash(path)
			return nil
		case place.Kind != events.ObjectDigest || !strings.HasSuffix(path, ".json.gz"):
			return nil
		}
		folder := folderOf(path)
		if folder == "" {
			elsewhere.add(path, place)
			return nil
		}
		if folder != here.folder {
			if err := v.verify(ctx, here); err != nil {
				return err
			}
			here = &chains{folder: folder}
		}
		here.add(path, place)
		return nil
	})
	if err != nil {
		return err
	}
	if err := v.verify(ctx, here); err != nil {
		return err
	}
	return v.verify(ctx, elsewhere)
}

// margin is how far from the range digests are still looked at: one comes every
// hour.
const margin = 48 * time.Hour

// skip tells what need not be looked at.
func (v *verifier) skip(path string, _ fs.DirEntry) bool {
	place := events.PlaceOf(path)
	switch {
	case !wanted(v.o.Accounts, place.Account) || !wanted(v.o.Regions, place.Region):
		return true
	case place.From.IsZero():
		return false
	case !v.o.Since.IsZero() && place.To.Add(margin).Before(v.o.Since):
		return true
	case v.o.Until.IsZero() || !place.From.After(v.o.Until.Add(margin)):
		return false
	}
	// The signature of a digest is in the one after it, up to the newest, unless the
	// file system has it.
	return place.Kind == events.ObjectLog || v.signed && place.Kind == events.ObjectDigest
}

// folderOf is the folder of the digests of one region of an account; empty for a
// digest that does not lie in one.
func folderOf(path string) string {
	const digests = "CloudTrail-Digest/"
	i := strings.Index(path, digests)
	if i < 0 || i > 0 && path[i-1] != '/' {
		return ""
	}
	j := strings.IndexByte(path[i+len(digests):], '/')
	if j < 0 {
		return ""
	}
	return path[:i+len(digests)+j]
}

// chains are the chains of a folder, in the order that they were met.
type chains struct {
	folder string
	list   []*paths
	byName map[string]*paths
}

func (c *chains) add(path string, place events.Place) {
	name, _, backfill := chainName(path)
	p := c.byName[name]
	if p == nil {
		if c.byName == nil {
			c.byName = map[string]*paths{}
		}
		p = &paths{name: title(name, place), place: place, backfill: backfill}
		c.byName[name], c.list = p, append(c.list, p)
	}
	p.files = append(p.files, path)
}

func (v *verifier) verify(ctx context.Context, c *chains) error {
	for _, p := range c.list {
		slices.SortStableFunc(p.files, func(a, b string) int {
			_, left, _ := chainName(a)
			_, right, _ := chainName(b)
			return strings.Compare(left, right)
		})
		if err := v.chain(ctx, p); err != nil {
			return err
		}
	}
	return nil
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

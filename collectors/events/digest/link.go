package digest

import (
	"io/fs"
	"strings"
	"time"
)

// leadsTo tells whether the digest after names this path as the one before it.
func (w *walk) leadsTo(path string) bool {
	if w.next == nil || w.next.first() {
		return false
	}
	previous, inside := w.next.pathOf(*w.next.content.PrevObject)
	return inside && previous == path
}

// link compares a digest with what the one after it says of the one before it. It
// reports whether that means this one, and what follows for it: proven when its
// hash is in a verified digest.
func (w *walk) link(f *file) (linked bool, s state) {
	n := w.next
	switch linked = w.leadsTo(f.path); {
	case n == nil:
		return false, unproven
	case w.state == bad: // what it says accuses nobody
		return linked, unproven
	case n.first():
		if !f.backfill {
			w.problem(KindRestart, n.path, "a chain begins here, at %s, and the one before ended at %s: validation or logging was off between, or digests were removed", n.content.StartTime, f.content.EndTime)
		}
		return false, unproven
	case !linked:
		return false, w.elsewhere(f)
	}
	if n.content.PrevHash != nil && !strings.EqualFold(*n.content.PrevHash, f.hash) {
		// The signature tells which of the two was altered.
		if w.state != proven && n.content.PrevSignature != nil && f.verify(w.keys, *n.content.PrevSignature) == nil {
			w.problem(KindAlteredDigest, n.path, "it says another hash of the digest before it, whose signature is good")
			return true, unproven
		}
		w.problem(KindAlteredDigest, f.path, "its hash is not the one that the digest after it says")
		return true, bad
	}
	if !f.backfill && n.start.After(f.end) {
		w.problem(KindTimeGap, n.path, "it begins at %s, and the digest before it ends at %s", n.content.StartTime, f.content.EndTime)
	}
	if n.content.PrevHash == nil {
		return true, unproven
	}
	return true, w.state
}

// elsewhere: the digest after this one names another one before it.
func (w *walk) elsewhere(f *file) state {
	n := w.next
	switch previous, inside := n.pathOf(*n.content.PrevObject); {
	case !inside:
		w.problem(KindOutside, n.path, "the digest before it, %s, lies outside this archive", *n.content.PrevObject)
	case exists(w.fsys, previous):
		w.problem(KindUnlinked, f.path, "%s comes after %s: no digest links to this one", n.path, previous)
		return stray
	default:
		w.problem(KindMissingDigest, *n.content.PrevObject, "%s names it as the digest before it, and nothing is left between %s and %s", n.path, f.content.EndTime, n.content.StartTime)
	}
	return unproven
}

// before checks the last digest before the range.
func (w *walk) before(f *file) {
	if w.next != nil && f.err == nil {
		w.link(f)
	}
}

// begins reports that the oldest digest is not the first of its chain. With a
// range that begins later than the archive there is nothing to report.
func (w *walk) begins() {
	n := w.next
	if n == nil || n.first() || n.backfill {
		return
	}
	if !w.o.Since.IsZero() && !n.start.After(w.o.Since) {
		return
	}
	if path, inside := n.pathOf(*n.content.PrevObject); inside && exists(w.fsys, path) {
		if !w.o.Since.IsZero() { // else it was judged
			w.problem(KindTimeGap, n.path, "it begins at %s, and the digest before it is of a time before %s", n.content.StartTime, w.o.Since.Format(time.RFC3339))
		}
		return
	}
	w.problem(KindBegins, n.path, "the digest before it, %s, is not here: the archive begins at %s, or older digests were removed; --since says from when on it must be whole",
		*n.content.PrevObject, n.content.StartTime)
}

// sameKey tells whether a path in the archive can be that of an object: the
// archive may begin anywhere below the bucket, or hold the bucket's folder.
func sameKey(path, object string) bool {
	return path == object || strings.HasSuffix(object, "/"+path) || strings.HasSuffix(path, "/"+object)
}

// pathOf is the path in the archive of another object of the bucket, by where this
// digest lies; inside is false for one that the archive does not reach.
func (f *file) pathOf(object string) (path string, inside bool) {
	if above, ok := strings.CutSuffix(f.content.Object, f.path); ok {
		return strings.CutPrefix(object, above)
	}
	above, _ := strings.CutSuffix(f.path, f.content.Object)
	return above + object, true
}

func exists(fsys fs.FS, path string) bool {
	_, err := fs.Stat(fsys, path)
	return err == nil
}

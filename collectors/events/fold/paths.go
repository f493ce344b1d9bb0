package fold

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// pathKey is a path that parameters were read by. The record does not list what was
// returned, and a filter may have left some out: a call counts as a read of all that
// lies under its path.
type pathKey struct {
	at        scope
	path      string // without slashes at its ends
	recursive bool
	// encrypted are reads of SecureStrings without decryption: of those no value was read.
	encrypted bool
}

func (f *Folder) addPath(e *model.Event, what does) {
	targets, foreign := parseTargets(model.KindParameter, e)
	if len(targets) == 0 {
		if foreign {
			f.counts.Elsewhere++
			return
		}
		f.counts.Unresolved++
		f.doubt(scope{model.KindParameter, e.Account.Or(""), e.Region.Or("")}).add(what)
		return
	}
	who, first := principalOf(e), true
	for _, t := range targets {
		// What is not shown is taken as any depth.
		deep := e.Request.Recursive.Or(e.Request.Recursive.State() == model.StateUnknown)
		key := pathKey{t.at, strings.Trim(t.name, "/"), deep, what == doesRead && !e.Request.Decryption.Or(true)}
		switch {
		case f.paths[key] == nil && len(f.paths) >= maxPaths:
			f.doubt(t.at).add(what)
			if first {
				f.counts.Unresolved++
			}
		default:
			if f.paths[key] == nil {
				f.paths[key] = &activity{}
			}
			f.paths[key].add(e, what, who, f.window, false)
			if first {
				f.counts.Folded++
			}
		}
		first = false
	}
}

// underPaths adds what was read by the paths above a parameter.
func (f *Folder) underPaths(a *activity, at scope, name string, secure bool) {
	path, direct := name, true
	for path != "" {
		i := strings.LastIndexByte(path, '/')
		path = path[:max(i, 0)]
		for _, encrypted := range []bool{false, true} {
			if encrypted && secure {
				continue
			}
			a.merge(f.paths[pathKey{at, path, true, encrypted}])
			if direct {
				a.merge(f.paths[pathKey{at, path, false, encrypted}])
			}
		}
		direct = false
	}
}

// Package fold makes of the events of CloudTrail what they prove of the secrets,
// parameters and keys of a snapshot: who reads them, when their value changed and
// by whom, how their rotation fares, what was denied, and when their policy changed.
//
// Its promises: the order of the events does not matter; memory grows with the
// resources that events are about, by at most a few kilobytes each, and not with the
// number of events; and what the record does not prove is unknown, with the reason.
// Every event is counted in Counts.
package fold

import (
	"iter"
	"time"

	"github.com/keyproof/keyproof/model"
)

// Folder gathers events. Make it with New, add events, then Fill resources.
type Folder struct {
	index  *index
	now    time.Time // ages are relative to it
	window int64     // Unix seconds: counts begin here
	acts   map[int32]*activity
	// paths are reads of parameters by their path, by pathKey.
	paths map[pathKey]*activity
	// doubts are of records that name nothing, by kind, account and region.
	doubts map[scope]*doubt
	counts Counts
}

// Counts says what became of the events that were added.
type Counts struct {
	Added int
	// Folded were about a resource of the snapshot, or about several.
	Folded int
	// Elsewhere named only things that are not in the snapshot.
	Elsewhere int
	// Unresolved could be about two things, or name nothing: what they could be about
	// is unknown in that respect.
	Unresolved int
	// Other say nothing that is folded: other services, calls that failed, metadata.
	Other int
}

// maxPaths bounds how many paths of parameters are told apart.
const maxPaths = 10_000

// New prepares for the resources of a snapshot.
func New(snap *model.Snapshot) (*Folder, error) {
	ix, err := newIndex(snap)
	if err != nil {
		return nil, err
	}
	return &Folder{
		index: ix, now: snap.TakenAt, window: snap.TakenAt.AddDate(0, 0, -model.ActivityDays).Unix(),
		acts: map[int32]*activity{}, paths: map[pathKey]*activity{}, doubts: map[scope]*doubt{},
	}, nil
}

// Places are where the resources are, and their replicas: the accounts and regions
// whose record counts. They must not be changed.
func (f *Folder) Places() map[Place]bool { return f.index.places }

// Counts returns what became of the events so far.
func (f *Folder) Counts() Counts { return f.counts }

// Add folds one event in. Events are expected once each: see model.EventSpool.
func (f *Folder) Add(e *model.Event) {
	f.counts.Added++
	kind, does := meaning(e)
	if does == 0 {
		f.counts.Other++
		return
	}
	if isPath(e) {
		f.addPath(e, does)
		return
	}
	found := f.index.resolve(kind, e)
	switch {
	case len(found.sure) > 0:
		f.counts.Folded++
		who := principalOf(e)
		for _, n := range found.sure {
			if does == doesRead && f.index.secure[n] {
				switch decrypted, known := e.Request.Decryption.Get(); {
				case !known:
					f.act(n).doubt.add(does)
					continue
				case !decrypted:
					continue // the caller got no value
				}
			}
			f.act(n).add(e, does, who, f.window, f.index.rotates(e, n))
		}
		return
	case len(found.perhaps) > 0:
		f.counts.Unresolved++
		for _, n := range found.perhaps {
			f.act(n).doubt.add(does)
		}
	case found.nameless:
		f.counts.Unresolved++
		f.doubt(scope{kind, e.Account.Or(""), e.Region.Or("")}).add(does)
	default:
		f.counts.Elsewhere++
	}
}

func (f *Folder) act(n int32) *activity {
	if f.acts[n] == nil {
		f.acts[n] = &activity{}
	}
	return f.acts[n]
}

func (f *Folder) doubt(at scope) *doubt {
	if f.doubts[at] == nil {
		f.doubts[at] = &doubt{}
	}
	return f.doubts[at]
}

// Fill completes the resources of a sequence with what the events prove, as far as
// the log of events says that the record is whole.
func (f *Folder) Fill(resources iter.Seq2[*model.Resource, error], log *model.EventLog) iter.Seq2[*model.Resource, error] {
	c := newCoverage(log, f.now)
	return func(yield func(*model.Resource, error) bool) {
		for r, err := range resources {
			if err == nil {
				f.fill(r, c)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

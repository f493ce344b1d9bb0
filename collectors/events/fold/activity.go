package fold

import (
	"strings"
	"unique"

	"github.com/keyproof/keyproof/model"
)

// activity is what the events say of one resource. Everything in it is a maximum, a
// minimum, a sum or a set, so that it does not depend on the order of the events.
type activity struct {
	reads     [4]latest // by model.ActorKind
	people    people    // humans that read it in the window
	machines  people    // anything else that did
	denied    people
	deniedDay map[int64]int // attempts by day since 1970, in the window
	attempt   latest

	value      latest
	humanValue latest
	// maybeValue is the last call that may have stored a value, and maybeHuman the last
	// that may have been by a person.
	maybeValue, maybeHuman latest

	started, succeeded, ended latest // ended without success
	failures                  int    // in the window

	policy latest
	doubt  doubt
}

// latest is the last of some events, and who made it.
type latest struct {
	at int64 // Unix seconds; 0: none
	by unique.Handle[string]
}

// see takes the later one; of two in the same second, that of the first name.
func (l *latest) see(at int64, by unique.Handle[string]) {
	if at <= 0 { // before 1970 there was no CloudTrail
		return
	}
	if at > l.at || at == l.at && strings.Compare(by.Value(), l.by.Value()) < 0 {
		*l = latest{at, by}
	}
}

func (l *latest) merge(o latest) {
	if o.at != 0 {
		l.see(o.at, o.by)
	}
}

// doubt counts, by what they do, the records that may be about it.
type doubt [doesBits]int

func (d *doubt) add(what does) {
	for i := range d {
		if what&(1<<i) != 0 {
			d[i]++
		}
	}
}

// of is how many of them do one thing.
func (d *doubt) of(what does) int {
	n := 0
	for i := range d {
		if what&(1<<i) != 0 {
			n += d[i]
		}
	}
	return n
}

func (d *doubt) merge(o *doubt) {
	for i := range d {
		d[i] += o[i]
	}
}

// add folds an event in. Counts are of the time from window on. own is a call of the
// function that rotates it: that one reads it, and nobody needs it for that.
func (a *activity) add(e *model.Event, what does, who principal, window int64, own bool) {
	at := e.Time.Unix()
	recent := at >= window
	if e.Outcome.State() == model.StateUnknown && e.Type.Or("") != "AwsServiceEvent" {
		a.doubt.add(what) // nobody knows whether it was done
		return
	}
	if what&doesRead != 0 {
		if !own {
			a.reads[who.kind].see(at, who.name)
		}
		if recent && who.kind == model.ActorHuman {
			a.people.add(who, 1, at, at)
		} else if recent {
			a.machines.add(who, 1, at, at)
		}
	}
	if what&doesValue != 0 {
		a.stored(e, who, at)
	}
	if what&doesPolicy != 0 {
		a.policy.see(at, who.name)
	}
	if what&doesRotation != 0 {
		a.rotation(e.Name, who, at, recent)
	}
	if what&doesAttempt != 0 {
		a.attempt.see(at, who.name)
		if recent {
			a.denied.add(who, 1, at, at)
			if a.deniedDay == nil {
				a.deniedDay = map[int64]int{} // not more than ActivityDays entries
			}
			a.deniedDay[at/secondsADay]++
		}
	}
}

const secondsADay = 24 * 60 * 60

// stored notes another current value, or that there may be one.
func (a *activity) stored(e *model.Event, who principal, at int64) {
	if e.Name != rotationSucceeded && !e.Request.NewValue.Or(false) {
		a.maybeValue.see(at, who.name)
		if who.kind != model.ActorWorkload && who.kind != model.ActorService {
			a.maybeHuman.see(at, who.name)
		}
		return
	}
	a.value.see(at, who.name)
	switch who.kind {
	case model.ActorHuman:
		a.humanValue.see(at, who.name)
	case model.ActorUnknown:
		a.maybeHuman.see(at, who.name)
	}
}

func (a *activity) rotation(name string, who principal, at int64, recent bool) {
	switch name {
	case rotationStarted:
		a.started.see(at, who.name)
	case rotationFailed, rotationAbandoned:
		a.ended.see(at, who.name)
		if recent {
			a.failures++
		}
	default: // RotationSucceeded, and RotateKey
		a.succeeded.see(at, who.name)
	}
}

// merge adds what is said of the same thing elsewhere: of a replica, or by a path.
func (a *activity) merge(o *activity) {
	if o == nil {
		return
	}
	for i := range a.reads {
		a.reads[i].merge(o.reads[i])
	}
	a.people.merge(&o.people)
	a.machines.merge(&o.machines)
	a.denied.merge(&o.denied)
	for day, n := range o.deniedDay {
		if a.deniedDay == nil {
			a.deniedDay = map[int64]int{}
		}
		a.deniedDay[day] += n
	}
	a.failures += o.failures
	for _, l := range []struct {
		to   *latest
		from latest
	}{
		{&a.attempt, o.attempt}, {&a.value, o.value}, {&a.humanValue, o.humanValue}, {&a.maybeValue, o.maybeValue}, {&a.maybeHuman, o.maybeHuman},
		{&a.started, o.started}, {&a.succeeded, o.succeeded}, {&a.ended, o.ended}, {&a.policy, o.policy},
	} {
		l.to.merge(l.from)
	}
	a.doubt.merge(&o.doubt)
}

// read is the last read by anybody.
func (a *activity) read() latest {
	var last latest
	for _, l := range a.reads {
		last.merge(l)
	}
	return last
}

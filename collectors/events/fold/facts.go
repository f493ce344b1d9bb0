package fold

import (
	"fmt"
	"time"

	"github.com/keyproof/keyproof/model"
)

// whole is why nothing can be said of what some events do; nil when all of them are
// known.
func (f *facts) whole(what does) *model.Unknown {
	if f.why != nil {
		return f.why
	}
	if n := f.doubt.of(what); n > 0 {
		return &model.Unknown{Reason: model.ReasonNotInSource, Detail: fmt.Sprintf("%d records could be about it and do not say so clearly", n)}
	}
	return nil
}

// short is why nothing can be said of a time without such events: the record must
// reach back for ActivityDays, or to when the resource was made; with always, to that
// only. Nil when it does.
func (f *facts) short(always bool) *model.Unknown {
	if f.created != 0 && f.created >= f.from || !always && f.from <= f.now.AddDate(0, 0, -model.ActivityDays).Unix() {
		return nil
	}
	begins := time.Unix(f.from, 0).UTC().Format(time.DateOnly)
	if always {
		return &model.Unknown{Reason: model.ReasonNotCollected, Detail: "CloudTrail's record shows none, and begins on " + begins}
	}
	return &model.Unknown{Reason: model.ReasonNotCollected, Detail: fmt.Sprintf(
		"CloudTrail's record begins on %s, %d days are needed (--events-since)", begins, model.ActivityDays)}
}

// days is the age of the last of some events, and who made it. Absent says that there
// was none for as long as short asks for.
func (f *facts) days(last latest, what does, always bool) (days model.Value[int], by model.Value[string]) {
	why := f.whole(what)
	if why == nil && last.at == 0 {
		why = f.short(always)
	}
	switch {
	case why != nil:
		return model.Missing[int](*why), model.Missing[string](*why)
	case last.at == 0:
		return model.None[int](), model.None[string]()
	default:
		return model.Known(f.ago(last.at)), model.Known(last.by.Value())
	}
}

func (f *facts) ago(at int64) int { return model.DaysAgo(time.Unix(at, 0), f.now) }

// without is for how many days there were no such events, as far as the record goes.
func (f *facts) without(last latest, what does) model.Value[int] {
	if why := f.whole(what); why != nil {
		return model.Missing[int](*why)
	}
	return model.Known(f.ago(max(last.at, f.from, f.created)))
}

// counted is a value of the last ActivityDays.
func counted[T any](f *facts, what does, v func() model.Value[T]) model.Value[T] {
	why := f.whole(what)
	if why == nil {
		why = f.short(false)
	}
	if why != nil {
		return model.Missing[T](*why)
	}
	return v()
}

// unless makes two values unknown for a reason of their own.
func unless(why *model.Unknown, days model.Value[int], by model.Value[string]) (model.Value[int], model.Value[string]) {
	if why != nil && days.State() != model.StateUnknown {
		return model.Missing[int](*why), model.Missing[string](*why)
	}
	return days, by
}

// newer is why a last event is in doubt: a later one may be such an event too.
func (f *facts) newer(maybe, last latest, what string) *model.Unknown {
	if maybe.at <= last.at {
		return nil
	}
	return &model.Unknown{Reason: model.ReasonNotInSource, Detail: "the record of " + time.Unix(maybe.at, 0).UTC().Format(time.DateOnly) + " does not say whether " + what}
}

func (f *facts) all() model.Activity {
	a := model.Activity{}
	a.RecordDays = f.recordDays()
	a.Readers = counted(f, doesRead, func() model.Value[[]model.Reader] { return model.Known(f.readers()) })
	a.MoreReaders = counted(f, doesRead, func() model.Value[int] { return sum(f.people.more(), f.machines.more()) })
	a.LastReadDays, _ = f.days(f.read(), doesRead, true)
	a.UnreadDays = f.without(f.read(), doesRead)
	human := f.reads[model.ActorHuman]
	days, by := f.days(human, doesRead, false)
	a.LastHumanRead, a.LastHumanReader = unless(f.newer(f.reads[model.ActorUnknown], human, "a person read it"), days, by)
	a.DeniedAttempts, a.DeniedInADay, a.DeniedDayAtLeast, a.LastDenied, a.DeniedTo = f.refusals()
	a.LastValueDays, a.LastValueBy, a.LastHumanValue, a.LastHumanWriter = f.values()
	return a
}

func (f *facts) recordDays() model.Value[int] {
	if f.why != nil {
		return model.Missing[int](*f.why)
	}
	return model.Known(f.ago(f.from))
}

func (f *facts) readers() []model.Reader {
	var list []model.Reader
	for _, p := range []*people{&f.people, &f.machines} {
		for _, s := range p.list {
			list = append(list, model.Reader{Principal: s.name.Value(), Kind: s.kind.String(), Count: s.count, FirstDays: f.ago(s.first), LastDays: f.ago(s.last)})
		}
	}
	return list
}

func sum(a, b model.Value[int]) model.Value[int] {
	n, ok := a.Get()
	if !ok {
		return a
	}
	m, ok := b.Get()
	if !ok {
		return b
	}
	return model.Known(n + m)
}

func (f *facts) refusals() (attempts, inADay, atLeast, last model.Value[int], to model.Value[[]string]) {
	total, most := 0, 0
	for _, n := range f.deniedDay {
		total, most = total+n, max(most, n)
	}
	attempts = counted(f, doesAttempt, func() model.Value[int] { return model.Known(total) })
	inADay = counted(f, doesAttempt, func() model.Value[int] { return model.Known(most) })
	last, _ = f.days(f.attempt, doesAttempt, false)
	// What was seen is certain whatever the rest of the record holds.
	atLeast, to = model.Known(most), model.Known(f.denied.names())
	if f.from == 0 {
		atLeast, to = model.Missing[int](*f.why), model.Missing[[]string](*f.why)
	}
	return attempts, inADay, atLeast, last, to
}

func (f *facts) values() (days model.Value[int], by model.Value[string], humanDays model.Value[int], human model.Value[string]) {
	const stored, person = "it stored a value", "a person stored a value"
	days, by = f.days(f.value, doesValue, false)
	days, by = unless(f.newer(f.maybeValue, f.value, stored), days, by)
	humanDays, human = f.days(f.humanValue, doesValue, false)
	humanDays, human = unless(f.newer(f.maybeHuman, f.humanValue, person), humanDays, human)
	return days, by, humanDays, human
}

func (f *facts) policies() (p model.PolicyActivity) {
	p.PolicyChangedDays, p.PolicyChangedBy = f.days(f.policy, doesPolicy, false)
	return p
}

func (f *facts) rotations() (r model.RotationActivity) {
	r.LastRotationDays, _ = f.days(f.succeeded, doesRotation, true)
	r.UnrotatedDays = f.without(f.succeeded, doesRotation)
	r.RotationFailures = counted(f, doesRotation, func() model.Value[int] { return model.Known(f.failures) })
	r.LastRotationStart, _ = f.days(f.started, doesRotation, false)
	ended := f.succeeded
	ended.merge(f.ended)
	days, _ := f.days(ended, doesRotation, false)
	switch days.State() {
	case model.StateKnown:
		r.RotationFailing = model.Known(f.ended.at > f.succeeded.at)
	case model.StateAbsent:
		r.RotationFailing = model.None[bool]()
	default:
		r.RotationFailing = model.Missing[bool](days.Why())
	}
	return r
}

func (f *facts) key() (k model.KeyActivity) {
	k.RecordDays = f.recordDays()
	k.LastRotatedEvent, _ = f.days(f.succeeded, doesRotation, false)
	k.DeniedAttempts, k.DeniedInADay, k.DeniedDayAtLeast, k.LastDenied, k.DeniedTo = f.refusals()
	return k
}

package fold

import (
	"hash/fnv"
	"slices"

	"github.com/keyproof/keyproof/model"
)

const (
	// maxPeople are kept of each list, with their counts. They are the first by name:
	// whoever is among them at the end was so from the start, so that the counts are
	// exact and the order of the events does not matter.
	maxPeople = 10
	// maxDistinct is how far the others are counted.
	maxDistinct = 200
)

// people are the principals of some events, bounded.
type people struct {
	list []seen // by name, at most maxPeople
	// others are hashes of those that are not in the list; nil once there are more
	// than maxDistinct.
	others map[uint64]struct{}
	many   bool
}

type seen struct {
	principal
	count       int
	first, last int64 // Unix seconds
}

// add notes n events between two times.
func (p *people) add(who principal, n int, first, last int64) {
	at, ok := slices.BinarySearchFunc(p.list, who, func(s seen, w principal) int { return s.compare(w) })
	switch {
	case ok:
		s := &p.list[at]
		s.count, s.first, s.last = s.count+n, min(s.first, first), max(s.last, last)
	case at < maxPeople:
		p.list = slices.Insert(p.list, at, seen{who, n, first, last})
		if len(p.list) > maxPeople {
			p.other(p.list[maxPeople].principal)
			p.list = p.list[:maxPeople]
		}
	default:
		p.other(who)
	}
}

func (p *people) other(who principal) {
	h := fnv.New64a()
	_, _ = h.Write([]byte{byte(who.kind)}) // it never fails
	_, _ = h.Write([]byte(who.name.Value()))
	p.otherHash(h.Sum64())
}

func (p *people) otherHash(h uint64) {
	if p.many {
		return
	}
	if p.others == nil {
		p.others = map[uint64]struct{}{}
	}
	if p.others[h] = struct{}{}; len(p.others) > maxDistinct {
		p.others, p.many = nil, true
	}
}

func (p *people) merge(o *people) {
	for _, s := range o.list {
		p.add(s.principal, s.count, s.first, s.last)
	}
	for h := range o.others {
		p.otherHash(h)
	}
	if o.many {
		p.others, p.many = nil, true
	}
}

// more is how many there are besides the list.
func (p *people) more() model.Value[int] {
	if p.many {
		return model.Missing[int](model.Unknown{Reason: model.ReasonNotCollected, Detail: "there are more than 200 others: keyproof counts no further"})
	}
	return model.Known(len(p.others))
}

func (p *people) names() []string {
	names := make([]string, len(p.list))
	for i, s := range p.list {
		names[i] = s.name.Value()
	}
	return names
}

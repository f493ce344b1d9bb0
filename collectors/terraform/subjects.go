package terraform

import (
	"slices"

	"github.com/keyproof/keyproof/model"
)

// subjects are the blocks that a block is about.
type subjects struct {
	list []*block
	sure bool // these and no others
	// any: it may be any block of the types; list is empty then.
	any bool
}

// one is the block that it is certainly about, nil if there is none.
func (s subjects) one() *block {
	if s.sure && len(s.list) == 1 {
		return s.list[0]
	}
	return nil
}

// maxCandidates is how many blocks one can be about before it is said to be about
// any: what follows is the same, and the time that it takes stays bounded.
const maxCandidates = 16

// about returns the blocks of some types that an attribute of a block names.
func (b *block) about(name string, kinds ...string) subjects {
	s := b.subjects(name, kinds...)
	if !s.sure && len(s.list) > maxCandidates {
		return subjects{any: true}
	}
	return s
}

func (b *block) subjects(name string, kinds ...string) subjects {
	switch a := b.get(name); a.state() {
	case given:
		list := b.world.named(a.v.String(), b, kinds...)
		return subjects{list: list, sure: len(list) <= 1}
	case unset:
		return subjects{sure: true}
	case hidden:
		return subjects{any: true}
	}
	r := b.follow(name)
	of := slices.DeleteFunc(slices.Clone(r.blocks), func(t *block) bool { return !t.is(kinds...) })
	switch {
	case r.vague:
		return subjects{any: true}
	case len(of) == len(r.blocks):
		return subjects{list: of, sure: len(of) == 1}
	case len(of) == 0:
		return subjects{sure: true}
	default:
		return subjects{list: of}
	}
}

// afterApply is why an attribute is unknown that blocks of a file could be about.
func afterApply(b *block) model.Unknown {
	return model.Unknown{Reason: model.ReasonAfterApply, Detail: b.address + " may be about it"}
}

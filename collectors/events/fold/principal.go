package fold

import (
	"cmp"
	"strings"
	"unique"

	"github.com/keyproof/keyproof/model"
)

// principal is a model.Actor, whose name is kept once however many resources it reads.
type principal struct {
	name unique.Handle[string]
	kind model.ActorKind
}

func principalOf(e *model.Event) principal {
	a := e.Actor()
	return principal{unique.Make(a.Name), a.Kind}
}

func (a principal) compare(b principal) int {
	return cmp.Or(strings.Compare(a.name.Value(), b.name.Value()), cmp.Compare(a.kind, b.kind))
}

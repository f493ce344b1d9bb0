package collectors

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/keyproof/keyproof/model"
)

// sameNames finds secrets of one account that have the same name in several
// regions without being replicas of one another. No single cell can see that, so
// it is filled in when all are read. It holds 20 bytes a secret of an account of
// which several regions are read, and nothing of any other. It is safe for
// concurrent use while secrets are added.
type sameNames struct {
	mu      sync.Mutex
	numbers map[string]uint16          // of regions
	regions []string                   // by number
	places  []namedPlace               // sorted by done
	planned map[string]map[string]bool // by account: its regions, also those that cannot be read; never changed
	gaps    map[string]model.Unknown   // by account: why a list of secrets is not complete
}

// namedPlace is a region that holds a secret of a name, and the region of its
// primary: secrets of one name with the same primary are one secret.
type namedPlace struct {
	name           nameHash
	region, origin uint16
}

// nameHash stands for an account with a name. With 16 bytes, a million names
// collide with a probability of less than 10^-26.
type nameHash [16]byte

func hashName(account, name string) (h nameHash) {
	sum := sha256.Sum256([]byte(account + "\x00" + name))
	copy(h[:], sum[:])
	return h
}

func newSameNames(cells []CellPlan) *sameNames {
	n := &sameNames{numbers: map[string]uint16{}, planned: map[string]map[string]bool{}, gaps: map[string]model.Unknown{}}
	for _, c := range cells {
		if n.planned[c.Cell.Account] == nil {
			n.planned[c.Cell.Account] = map[string]bool{}
		}
		n.planned[c.Cell.Account][c.Cell.Region] = true
	}
	return n
}

// add takes note of a secret. One that is marked for deletion is left out: nobody
// can read it any more.
func (n *sameNames) add(r *model.Resource) {
	s, ok := r.Body.(*model.Secret)
	if !ok || n == nil || len(n.planned[r.ID.Account]) < 2 || s.DeletionScheduled.Or(false) {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	name, ok := s.Name.Get()
	if !ok {
		n.gaps[r.ID.Account] = s.Name.Why() // it may have any name
		return
	}
	n.places = append(n.places, namedPlace{hashName(r.ID.Account, name), n.number(r.ID.Region), n.number(origin(r.ID.Region, s))})
}

// origin is the region of the primary. A secret without one is its own.
func origin(region string, s *model.Secret) string { return s.PrimaryRegion.Or(region) }

func (n *sameNames) number(region string) uint16 {
	if _, ok := n.numbers[region]; !ok {
		n.numbers[region] = uint16(len(n.regions))
		n.regions = append(n.regions, region)
	}
	return n.numbers[region]
}

// done prepares for fill, when all secrets are added.
func (n *sameNames) done(scopes []model.Scope) {
	slices.SortFunc(n.places, func(a, b namedPlace) int {
		return cmp.Or(bytes.Compare(a.name[:], b.name[:]), cmp.Compare(n.regions[a.region], n.regions[b.region]))
	})
	listed := map[[2]string]bool{}
	for _, s := range scopes {
		switch {
		case s.Kind != model.KindSecret:
		case s.Gap == nil:
			listed[[2]string{s.Account, s.Region}] = true
		default:
			n.gap(s.Account, s.Region, *s.Gap)
		}
	}
	for _, account := range slices.Sorted(maps.Keys(n.planned)) {
		for _, region := range slices.Sorted(maps.Keys(n.planned[account])) {
			if !listed[[2]string{account, region}] {
				n.gap(account, region, model.Unknown{Reason: model.ReasonNotCollected})
			}
		}
	}
}

// gap says that a list of secrets is not complete; the first reason stays.
func (n *sameNames) gap(account, region string, why model.Unknown) {
	if _, ok := n.gaps[account]; !ok {
		why.Detail = fmt.Sprintf("secrets of %s could not be listed", region)
		n.gaps[account] = why
	}
}

// fill completes the secrets of a sequence.
func (n *sameNames) fill(resources iter.Seq2[*model.Resource, error]) iter.Seq2[*model.Resource, error] {
	return func(yield func(*model.Resource, error) bool) {
		for r, err := range resources {
			if err == nil {
				if s, ok := r.Body.(*model.Secret); ok {
					s.SameNameRegions = n.of(r.ID, s)
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func (n *sameNames) of(id model.ResourceID, s *model.Secret) model.Value[[]string] {
	if len(n.planned[id.Account]) < 2 {
		return model.None[[]string]()
	}
	if why, incomplete := n.gaps[id.Account]; incomplete {
		return model.Missing[[]string](why)
	}
	name, ok := s.Name.Get()
	if !ok {
		return model.Missing[[]string](s.Name.Why())
	}
	hash, own := hashName(id.Account, name), origin(id.Region, s)
	at, _ := slices.BinarySearchFunc(n.places, hash, func(p namedPlace, h nameHash) int { return bytes.Compare(p.name[:], h[:]) })
	var others []string
	for ; at < len(n.places) && n.places[at].name == hash; at++ {
		if p := n.places[at]; n.regions[p.origin] != own {
			others = append(others, n.regions[p.region])
		}
	}
	return model.Known(slices.Compact(others))
}

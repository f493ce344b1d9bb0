package evaluator

import (
	"strings"

	"github.com/keyproof/keyproof/model"
)

// resolve gives the secrets that records name without the random end of their
// ARNs the ARN that they have in the snapshot, if it holds them: a record may name
// one secret in two ways.
func (f *fold) resolve(snap *model.Snapshot) error {
	wanted := map[model.ResourceID]bool{}
	short := func(id model.ResourceID) bool { return id.Kind == model.KindSecret && bare(id.ID) == id.ID }
	for _, of := range f.rules {
		for id := range of.groups {
			if short(id) {
				wanted[id] = true
			}
		}
		for _, one := range of.all() {
			if short(one.about.id) {
				wanted[one.about.id] = true
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	found := map[model.ResourceID]model.ResourceID{}
	for r, err := range snap.Outline(func(model.ResourceID) bool { return false }) {
		if err != nil {
			return err
		}
		if r.ID.Kind != model.KindSecret {
			continue
		}
		for _, name := range []string{r.Name, bare(r.ID.ID)} {
			id := r.ID
			if id.ID = name; wanted[id] {
				found[id] = r.ID
			}
		}
	}
	for _, of := range f.rules {
		of.rename(found)
	}
	return nil
}

func (of *ruleFold) all() map[string]*oneSeries {
	if of.series == nil {
		return nil
	}
	return of.series.all
}

func (of *ruleFold) rename(found map[model.ResourceID]model.ResourceID) {
	for short, full := range found {
		if g := of.groups[short]; g != nil {
			delete(of.groups, short)
			g.id, g.name = full, nameOfSecret(full.ID)
			of.join(g)
		}
	}
	for _, one := range of.all() {
		if full, ok := found[one.about.id]; ok {
			one.about.id = full
		}
	}
}

// join adds a group, to what is there of the same resource.
func (of *ruleFold) join(g *group) {
	have := of.groups[g.id]
	if have == nil {
		of.groups[g.id] = g
		return
	}
	for finding, s := range g.findings {
		have.sight(finding).merge(s)
	}
	if g.more != nil {
		if have.more == nil {
			have.more = &sighting{}
		}
		have.more.merge(g.more)
	}
}

// nameOfSecret is the name in the ARN of a secret.
func nameOfSecret(arn string) string {
	parts := strings.SplitN(bare(arn), ":", 7)
	return parts[len(parts)-1]
}

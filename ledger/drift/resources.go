package drift

import (
	"iter"

	"github.com/keyproof/keyproof/model"
)

// resources walks through both snapshots side by side, which are in the same
// order, for resources that only one of them has.
func (c *comparison) resources() error {
	if c.from.Snapshot == nil || c.to.Snapshot == nil {
		return nil
	}
	nextOld, stopOld := iter.Pull2(outlines(c.from.Snapshot))
	defer stopOld()
	nextNew, stopNew := iter.Pull2(outlines(c.to.Snapshot))
	defer stopNew()
	old, errOld, haveOld := nextOld()
	now, errNew, haveNew := nextNew()
	for haveOld || haveNew {
		if errOld != nil {
			return errOld
		}
		if errNew != nil {
			return errNew
		}
		order := 0
		switch {
		case !haveOld:
			order = 1
		case !haveNew:
			order = -1
		default:
			order = old.ID.Compare(now.ID)
		}
		if order < 0 && c.to.listed(old.ID) {
			c.Removed = append(c.Removed, Resource{old.ID, old.Name})
		}
		if order > 0 && c.from.listed(now.ID) {
			c.Added = append(c.Added, Resource{now.ID, now.Name})
		}
		if order <= 0 {
			old, errOld, haveOld = nextOld()
		}
		if order >= 0 {
			now, errNew, haveNew = nextNew()
		}
	}
	return nil
}

func outlines(s *model.Snapshot) iter.Seq2[*model.Resource, error] {
	return s.Outline(func(model.ResourceID) bool { return false })
}

// world are the resources of a snapshot that some items are about, and those
// that they refer to.
type world struct {
	side *Side
	byID map[model.ResourceID]*model.Resource
	// aka finds resources by the other names that references use; see model.Resource.
	aka map[model.ResourceID]*model.Resource
	// users are the kinds of resources that refer to one, by its kind and any of its
	// names; vague says why a reference of a kind in a place is unknown.
	users map[model.ResourceID]map[model.Kind]bool
	vague map[model.Scope]*model.Unknown
}

// look reads the wanted resources of a snapshot, and then those that they refer
// to by role or are in: their account.
func look(side *Side, wanted map[model.ResourceID]bool) (*world, error) {
	s := side.Snapshot
	w := &world{side: side, byID: map[model.ResourceID]*model.Resource{}, aka: map[model.ResourceID]*model.Resource{},
		users: map[model.ResourceID]map[model.Kind]bool{}, vague: map[model.Scope]*model.Unknown{}}
	if s == nil {
		return w, nil
	}
	if err := w.read(s, func(r *model.Resource) bool { return wanted[r.ID] }); err != nil {
		return nil, err
	}
	// A reference does not say the place for certain: keys are used across accounts.
	type target struct {
		kind model.Kind
		id   string
	}
	near, accounts := map[target]bool{}, map[string]bool{}
	for _, r := range w.byID {
		accounts[r.ID.Account] = true
		w.uses(r)
		for _, ref := range r.Refs {
			if to, ok := ref.Get(); ok {
				near[target{to.Kind, to.ID}] = true
			}
		}
	}
	return w, w.read(s, func(r *model.Resource) bool {
		w.uses(r)
		if near[target{r.ID.Kind, r.ID.ID}] || r.ID.Kind == model.KindAccount && accounts[r.ID.Account] {
			return true
		}
		for _, name := range r.Aka {
			if near[target{r.ID.Kind, name}] {
				return true
			}
		}
		return false
	})
}

// uses notes what a resource refers to.
func (w *world) uses(r *model.Resource) {
	for _, ref := range r.Refs {
		if to, ok := ref.Get(); ok {
			key := model.ResourceID{Kind: to.Kind, ID: to.ID}
			if w.users[key] == nil {
				w.users[key] = map[model.Kind]bool{}
			}
			w.users[key][r.ID.Kind] = true
		} else if ref.State() == model.StateUnknown {
			why := ref.Why()
			w.vague[model.Scope{Kind: r.ID.Kind, Account: r.ID.Account, Region: r.ID.Region}] = &why
		}
	}
}

// usedBy says whether some resource of a kind refers to one, as rules read it
// (related.used_by.secret): no only when all such references are known.
func (w *world) usedBy(r *model.Resource, kind model.Kind) Datum {
	for _, name := range append([]string{r.ID.ID}, r.Aka...) {
		if w.users[model.ResourceID{Kind: r.ID.Kind, ID: name}][kind] {
			return said(true)
		}
	}
	place := model.Scope{Kind: kind, Account: r.ID.Account, Region: r.ID.Region}
	if absent := w.side.absence(model.ResourceID{Kind: kind, Account: place.Account, Region: place.Region}); absent.Unknown != nil {
		return absent
	}
	if why := w.vague[place]; why != nil {
		return Datum{Value: none, Unknown: why}
	}
	return said(false)
}

// read keeps the resources that take wants, with what follows from their
// attributes at the time of the snapshot.
func (w *world) read(s *model.Snapshot, take func(*model.Resource) bool) error {
	for r, err := range s.Resources {
		if err != nil {
			return err
		}
		if w.byID[r.ID] != nil || !take(r) {
			continue
		}
		r.Body.Derive(s.TakenAt)
		w.byID[r.ID] = r
		key := model.ResourceID{Kind: r.ID.Kind, ID: r.ID.ID}
		w.aka[key] = r
		for _, name := range r.Aka {
			w.aka[model.ResourceID{Kind: r.ID.Kind, ID: name}] = r
		}
	}
	return nil
}

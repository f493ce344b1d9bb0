package dr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// secret settles a primary, a replica or a secret that is neither.
func (ix *world) secret(item *Item, s *model.Secret) {
	replica, known := s.IsReplica.Get()
	switch {
	case !known:
		item.Why = "whether it is a replica is unknown: " + s.IsReplica.Why().String()
		return
	case replica:
		ix.replica(item, s)
		return
	}
	replicas, known := s.Replicas.Get()
	if !known {
		item.Why = "whether it has replicas is unknown: " + s.Replicas.Why().String()
		return
	}
	if len(replicas) == 0 {
		item.Fate, item.Why = Lost, "its only copy"
		if names, ok := s.SameNameRegions.Get(); ok && len(names) > 0 {
			item.Why += fmt.Sprintf("; a secret of this name in %s is another one", strings.Join(names, ", "))
		}
		if owner := s.OwningService.Or(""); owner != "" {
			item.Why += "; " + owner + " made it and makes a new one where it is set up again"
		}
		return
	}
	for _, r := range replicas {
		item.Copies = append(item.Copies, ix.copyOf(item, s, r))
	}
	item.judge("promote the replica")
}

// replica: the source is elsewhere, if it still is.
func (ix *world) replica(item *Item, s *model.Secret) {
	home, known := s.PrimaryRegion.Get()
	if !known {
		item.Why = "where its primary is is unknown: " + s.PrimaryRegion.Why().String()
		return
	}
	if ix.secrets[place{item.Resource.Account, home, item.Name}] != nil {
		item.Fate, item.Why = Survives, "a replica: its primary is in "+home
		return
	}
	if open := ix.unlistedIn(model.KindSecret, item.Resource.Account, home); open != "" {
		item.Why = fmt.Sprintf("a replica, and whether its primary in %s exists is not known: %s", home, open)
		return
	}
	item.Fate, item.Why = Lost, "a replica whose primary in "+home+" does not exist any more: its only copy"
}

// copyOf looks what a replica has, and what it would need as a primary: its key,
// the rotation function and the database.
func (ix *world) copyOf(item *Item, s *model.Secret, r model.Replica) Copy {
	c := Copy{Region: r.Region, Lacks: []string{}, Unknown: []string{}}
	states, known := s.ReplicaStates.Get()
	at := slices.IndexFunc(states, func(st model.ReplicaState) bool { return st.Region == r.Region })
	switch {
	case !known:
		c.Unknown = append(c.Unknown, "whether it is in sync: "+s.ReplicaStates.Why().String())
	case at < 0:
		c.Unknown = append(c.Unknown, "whether it is in sync")
	case states[at].Status != "InSync":
		c.Lacks = append(c.Lacks, fmt.Sprintf("the value: its status is %s (%s)", states[at].Status, states[at].Message))
	}
	account := item.Resource.Account
	if open := ix.unlistedIn(model.KindSecret, account, r.Region); open != "" {
		c.Unknown = append(c.Unknown, "what it has there: "+open)
		return c
	}
	switch twin := ix.twin(item, r.Region); {
	case twin != nil:
		c.ID = twin.ID.ID
		ix.copyKey(&c, twin)
	case len(c.Lacks) == 0:
		c.Lacks = append(c.Lacks, "the replica itself: the scan of that region did not find it")
	}
	ix.rotation(&c, account, s)
	ix.database(&c, item.Resource)
	return c
}

// twin is the replica of a secret in a region; an unrelated secret may have its
// name there.
func (ix *world) twin(item *Item, region string) *model.Resource {
	r := ix.secrets[place{item.Resource.Account, region, item.Name}]
	if r == nil {
		return nil
	}
	body, _ := r.Body.(*model.Secret)
	if replica, known := body.IsReplica.Get(); known && !replica {
		return nil
	}
	return r
}

// copyKey looks at the key that the replica is encrypted with.
func (ix *world) copyKey(c *Copy, twin *model.Resource) {
	body, _ := twin.Body.(*model.Secret)
	standard, known := body.DefaultKey.Get()
	if !known {
		c.Unknown = append(c.Unknown, "its key: "+body.DefaultKey.Why().String())
		return
	}
	if standard {
		return
	}
	ref, known := twin.Refs["key"].Get()
	if !known {
		c.Unknown = append(c.Unknown, "its key: "+twin.Refs["key"].Why().String())
		return
	}
	switch key := ix.keys[ref.ID]; {
	case key != nil:
		usable(c, "its key "+key.Name, key)
	case ref.Account != twin.ID.Account:
		c.Unknown = append(c.Unknown, "its key, which is of account "+ref.Account)
	default:
		if open := ix.unlistedIn(model.KindKey, twin.ID.Account, twin.ID.Region); open != "" {
			c.Unknown = append(c.Unknown, "its key: "+open)
			return
		}
		c.Lacks = append(c.Lacks, "a key: "+ref.ID+" does not exist")
	}
}

func usable(c *Copy, what string, key *model.Resource) {
	body, _ := key.Body.(*model.Key)
	state, known := body.State.Get()
	switch {
	case !known:
		c.Unknown = append(c.Unknown, "whether "+what+" can be used: "+body.State.Why().String())
	case !model.KeyUsable(state):
		c.Lacks = append(c.Lacks, fmt.Sprintf("a usable key: %s is %s", what, state))
	}
}

// rotation: rotation belongs to the primary, and its function to the region.
func (ix *world) rotation(c *Copy, account string, s *model.Secret) {
	on, known := s.RotationEnabled.Get()
	if !known {
		if s.RotationEnabled.State() == model.StateUnknown {
			c.Unknown = append(c.Unknown, "whether it rotates: "+s.RotationEnabled.Why().String())
		}
		return
	}
	arn, has := s.RotationFunction.Get()
	if !on || !has {
		return
	}
	name := arn[strings.LastIndex(arn, ":")+1:]
	if ix.functions[place{account, c.Region, name}] {
		return
	}
	if open := ix.unlistedIn(model.KindFunction, account, c.Region); open != "" {
		c.Unknown = append(c.Unknown, "whether the rotation function "+name+" is there: "+open)
		return
	}
	c.Lacks = append(c.Lacks, "a rotation function: there is no "+name)
}

// database: of a secret that a database is known to be opened with.
func (ix *world) database(c *Copy, secret model.ResourceID) {
	for _, db := range ix.databases[secret.ID] {
		body, _ := db.Body.(*model.Database)
		regions, known := body.ReplicaRegions.Get()
		switch {
		case !known:
			c.Unknown = append(c.Unknown, "whether the database "+db.Name+" has a replica there: "+body.ReplicaRegions.Why().String())
		case !slices.Contains(regions, c.Region):
			c.Lacks = append(c.Lacks, "a database: "+db.Name+" has no replica there")
		}
	}
}

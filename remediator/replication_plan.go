package remediator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/keyproof/keyproof/model"
)

// Plan chooses the regions that lack a replica, and a key for each.
func (a Replication) Plan(_ context.Context, t *Target) (*model.Change, error) {
	s, ok := t.Resource.Body.(*model.Secret)
	if !ok {
		return nil, notApplicable("", "only secrets have replicas")
	}
	if err := changeableSecret(t.Resource, s); err != nil {
		return nil, err
	}
	have, known := s.Replicas.Get()
	if !known {
		return nil, notApplicable(s.Replicas.Why().Settle(), "nobody knows its replicas: %s", s.Replicas.Why())
	}
	wanted := t.Settings.List("regions")
	if len(wanted) == 0 {
		return nil, notApplicable("plan again with --set enable-replication.regions=REGION[,REGION]", "no region is named to replicate to, and keyproof does not choose one")
	}
	if err := failedReplicas(t, s); err != nil {
		return nil, err
	}
	before, added := []string{}, map[string]string{}
	for _, r := range have {
		before = append(before, r.Region)
	}
	for _, region := range wanted {
		if region == t.Resource.ID.Region || slices.Contains(before, region) {
			continue
		}
		key, err := replicaKey(t, s, region)
		if err != nil {
			return nil, err
		}
		added[region] = key
	}
	if len(added) == 0 {
		return nil, notApplicable("name another region with --set enable-replication.regions=REGION", "it has all the replicas that the regions %s can give it", strings.Join(wanted, ", "))
	}
	minutes, err := wholeSetting(t.Settings, "wait", 10, 1, 24*60)
	if err != nil {
		return nil, err
	}
	c := t.NewChange(a)
	c.Settings["replicas"], c.Settings["overwrite"], c.Settings["wait"] = added, t.Settings["overwrite"] == "true", minutes
	after := append(slices.Clone(before), slices.Collect(maps.Keys(added))...)
	slices.Sort(before)
	slices.Sort(after)
	c.Before[fieldReplicas], c.After[fieldReplicas] = before, after
	describeReplication(c, added)
	return c, nil
}

func describeReplication(c *model.Change, added map[string]string) {
	regions := slices.Sorted(maps.Keys(added))
	c.Title = "replicate to " + strings.Join(regions, ", ")
	for _, region := range regions {
		key := added[region]
		if key == "" {
			key = "the default key aws/secretsmanager"
		}
		c.Effects = append(c.Effects, fmt.Sprintf("%s gets a copy of the secret, its tags and its resource policy, encrypted with %s.", region, key))
	}
	c.Effects = append(c.Effects, "Whoever the policies let read it there can: policies that name the ARN with a region do not cover the replica.")
	c.Cost = fmt.Sprintf("%s a month at the price of a secret each, %s at 0.40 USD", counted(len(regions), "replica"), fmt.Sprintf("%.2f USD", 0.4*float64(len(regions))))
	c.Undo, c.UndoNote = model.UndoExact, "the added replicas are deleted at once, without a recovery window; others stay"
	if c.Settings["overwrite"] == true {
		c.Undo, c.UndoNote = model.UndoCompensating, "an unrelated secret that was overwritten does not come back"
		c.Effects = append(c.Effects, "A secret of the same name in those regions is overwritten and its value lost.")
	}
}

// failedReplicas refuses a secret with a replica that failed: it has a name there
// already, and AWS adds no second.
func failedReplicas(t *Target, s *model.Secret) error {
	states, _ := s.ReplicaStates.Get()
	for _, r := range states {
		if r.Status != "Failed" {
			continue
		}
		id, region := t.Resource.ID.ID, t.Resource.ID.Region
		return notApplicable(fmt.Sprintf("mend that, then aws secretsmanager remove-regions-from-replication --secret-id %s --region %s --remove-replica-regions %s and plan again",
			id, region, r.Region), "its replica in %s failed: %s", r.Region, r.Message)
	}
	return nil
}

// replicaKey chooses the key of a replica: the one that the user names, that of
// the same multi-Region key, or the default key where the primary has that. A
// replica must not be weaker than its primary.
func replicaKey(t *Target, s *model.Secret, region string) (string, error) {
	for _, pair := range t.Settings.List("keys") {
		if name, key, ok := strings.Cut(pair, "="); ok && name == region {
			return key, nil
		}
	}
	next := fmt.Sprintf("plan again with --set enable-replication.keys=%s=KEY", region)
	byDefault, known := s.DefaultKey.Get()
	switch {
	case !known:
		return "", notApplicable(next, "nobody knows which key encrypts the primary: %s", s.DefaultKey.Why())
	case byDefault:
		return "", nil
	}
	ref, _ := t.Resource.Refs["key"].Get()
	primary := t.Related.Get(ref)
	if primary != nil {
		if k, ok := primary.Body.(*model.Key); ok && k.MultiRegion.Or(false) {
			there := ref
			there.Region, there.ID = region, inRegion(ref.ID, region)
			if t.Related.Get(there) != nil {
				return there.ID, nil
			}
			return "", notApplicable(fmt.Sprintf("aws kms replicate-key --region %s --key-id %s --replica-region %s, or %s", ref.Region, ref.ID, region, next),
				"its multi-Region key has no replica in %s, as far as the scan went", region)
		}
	}
	return "", notApplicable(next, "its key %s does not exist in %s", s.KMSKey.Or("of the customer"), region)
}

// inRegion is the ARN of the same thing in another region.
func inRegion(text, region string) string {
	a, err := arn.Parse(text)
	if err != nil {
		return text
	}
	a.Region = region
	return a.String()
}

package remediator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/keyproof/keyproof/model"
)

// PlanPromotions plans the promotion of the replicas that are named, each as
// NAME@REGION, whether a rule fails or not: their primary may be lost, so that no
// account is asked.
func PlanPromotions(ctx context.Context, snap *model.Snapshot, named []string, tool string, now time.Time) (*Plan, error) {
	p := &Plan{
		Version: PlanVersion, MadeAt: now.UTC(), Tool: tool, Source: snap.Source, TakenAt: snap.TakenAt,
		Changes: []*model.Change{}, Skipped: []Skip{}, Offline: true,
	}
	found := map[string]bool{}
	for r, err := range snap.Resources {
		if err != nil {
			return nil, err
		}
		name := r.Name + "@" + r.ID.Region
		if r.ID.Kind != model.KindSecret || !slices.Contains(named, name) {
			continue
		}
		found[name] = true
		c, skip, err := Make(ctx, nil, newPromoteReplica(), &Target{Resource: r, Settings: Settings{"promote": name}})
		switch {
		case err != nil:
			return nil, err
		case skip != nil:
			return nil, fmt.Errorf("%s cannot be promoted: %s", name, skip.Why)
		}
		p.Changes = append(p.Changes, c)
	}
	for _, name := range named {
		if found[name] {
			continue
		}
		if !strings.Contains(name, "@") {
			return nil, fmt.Errorf("%q names no replica: write NAME@REGION, as in payments/db@eu-west-1", name)
		}
		return nil, fmt.Errorf("the snapshot has no secret %s; the report lists the replicas that it has", name)
	}
	p.Hash = p.hash()
	return p, nil
}

package lake

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/collectors/events"
	"github.com/keyproof/keyproof/model"
)

// check says what the event data store cannot hold of what is asked for.
func (s *Source) check(ctx context.Context, q events.Query, g *events.Gathering) error {
	store, err := s.api.GetEventDataStore(ctx, &cloudtrail.GetEventDataStoreInput{EventDataStore: &s.arn})
	if err != nil {
		return explain("cloudtrail:GetEventDataStore", "look up the event data store", err)
	}
	gap := func(account, region, format string, args ...any) {
		g.Trouble(account, region, model.Unknown{Reason: model.ReasonNotInSource, Detail: "the event data store " + fmt.Sprintf(format, args...)})
	}
	switch store.Status {
	case types.EventDataStoreStatusEnabled:
	case types.EventDataStoreStatusPendingDeletion:
		return fmt.Errorf("the event data store %s is to be deleted and cannot be asked: `aws cloudtrail restore-event-data-store` brings it back", s.arn)
	default:
		gap("", "", "does not take in events: its status is %s", store.Status)
	}
	if kept := time.Duration(aws.ToInt32(store.RetentionPeriod)) * 24 * time.Hour; kept > 0 && !q.Now.IsZero() && q.Since.Before(q.Now.Add(-kept)) {
		gap("", "", "keeps events for %d days only", aws.ToInt32(store.RetentionPeriod))
	}
	if made := aws.ToTime(store.CreatedTimestamp); made.After(q.Since) {
		gap("", "", "was made on %s, and may lack what is older", made.UTC().Format(time.DateOnly))
	}
	s.checkScopes(store, q, gap)
	return nil
}

// checkScopes: one that is for its own account or region has nothing of others.
func (s *Source) checkScopes(store *cloudtrail.GetEventDataStoreOutput, q events.Query, gap func(account, region, format string, args ...any)) {
	m := storeARN.FindStringSubmatch(s.arn)
	for _, region := range q.Regions {
		if region != m[1] && !aws.ToBool(store.MultiRegionEnabled) {
			for _, account := range orAny(q.Accounts) {
				gap(account, region, "takes in events of %s only", m[1])
			}
		}
	}
	for _, account := range q.Accounts {
		if account != m[2] && !aws.ToBool(store.OrganizationEnabled) {
			for _, region := range orAny(q.Regions) {
				gap(account, region, "takes in events of the account %s only", m[2])
			}
		}
	}
}

func orAny(names []string) []string {
	if len(names) == 0 {
		return []string{""}
	}
	return names
}

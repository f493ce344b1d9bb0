package fold

import (
	"fmt"
	"time"

	"github.com/keyproof/keyproof/model"
)

// coverage answers for which time the record of an account and region is whole.
type coverage struct {
	log    *model.EventLog // nil: no events were read
	now    time.Time
	scopes map[[2]string]*model.EventScope
	// anywhere are the gaps that can be of any account or region.
	anywhere []model.EventScope
}

// maxAge is how long before the snapshot a record may end: ages are whole days.
const maxAge = 24 * time.Hour

func newCoverage(log *model.EventLog, now time.Time) *coverage {
	c := &coverage{log: log, now: now, scopes: map[[2]string]*model.EventScope{}}
	if log == nil {
		return c
	}
	for i, s := range log.Scopes {
		if s.Account == "" || s.Region == "" {
			if s.Gap != nil {
				c.anywhere = append(c.anywhere, s)
			}
			continue
		}
		c.scopes[[2]string{s.Account, s.Region}] = &log.Scopes[i]
	}
	return c
}

// of is why nothing is proven by the record of some regions of an account; nil when
// it is whole from the log's start to the snapshot.
func (c *coverage) of(account string, regions []string) *model.Unknown {
	if c.log == nil {
		return &model.Unknown{Reason: model.ReasonNotCollected, Detail: "no events were read (--events)"}
	}
	if c.log.From.IsZero() {
		return &model.Unknown{Reason: model.ReasonNotInSource, Detail: "CloudTrail's record does not say where it begins"}
	}
	if c.now.Sub(c.log.Until) > maxAge {
		return &model.Unknown{Reason: model.ReasonNotCollected, Detail: fmt.Sprintf(
			"CloudTrail's record that was read ends on %s, before the snapshot", c.log.Until.Format(time.DateOnly))}
	}
	for _, region := range regions {
		s := c.scopes[[2]string{account, region}]
		if s == nil {
			return &model.Unknown{Reason: model.ReasonNotCollected, Detail: fmt.Sprintf("CloudTrail's record of %s in %s was not read", account, region)}
		}
		if s.Gap != nil {
			return gap(region, s.Gap)
		}
		for _, any := range c.anywhere {
			if (any.Account == "" || any.Account == account) && (any.Region == "" || any.Region == region) {
				return gap(region, any.Gap)
			}
		}
	}
	return nil
}

func gap(region string, why *model.Unknown) *model.Unknown {
	of := *why
	of.Detail = "CloudTrail's record of " + region + " is not whole"
	if why.Detail != "" {
		of.Detail += ": " + why.Detail
	}
	return &of
}

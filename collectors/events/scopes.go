package events

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/keyproof/keyproof/model"
)

// where is an account and a region; empty is what the source does not tell.
type where struct{ account, region string }

// scopes gathers, while an archive is read, what there is of each account and
// region.
type scopes map[where]*scope

type scope struct {
	records int     // relevant ones
	days    big.Int // bit n: something was delivered on the day n after dayZero
	refused int
	// trouble is the first thing that could not be read there, of count in all.
	trouble *model.Unknown
	count   int
}

// dayZero is before CloudTrail.
var dayZero = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

const aDay = 24 * time.Hour

func dayOf(t time.Time) int { return int(t.Sub(dayZero) / aDay) }

func (s scopes) of(account, region string) *scope {
	key := where{account, region}
	if s[key] == nil {
		s[key] = &scope{}
	}
	return s[key]
}

// delivered notes a log or a digest. Digests come every hour, also when nothing
// happened ("CloudTrail digest file structure"), so they show that the record was
// kept on a day without logs.
func (s scopes) delivered(p Place) {
	c := s.of(p.Account, p.Region)
	if p.From.IsZero() || p.To.Sub(p.From) > aDay {
		return // a day is as coarse as it may be
	}
	if day := dayOf(p.From); day >= 0 {
		c.days.SetBit(&c.days, day, 1)
	}
}

func (s scopes) troubled(p Place, why model.Unknown) {
	c := s.of(p.Account, p.Region)
	if c.trouble == nil {
		c.trouble = &why
	}
	c.count++
}

// merge adds what was gathered elsewhere.
func (s scopes) merge(o scopes) {
	for key, c := range o {
		to := s.of(key.account, key.region)
		to.records += c.records
		to.refused += c.refused
		to.days.Or(&to.days, &c.days)
		if to.trouble == nil {
			to.trouble = c.trouble
		}
		to.count += c.count
	}
}

// span is the first and the last day that something was delivered on; ok is false
// when there is none.
func (s scopes) span() (from, until time.Time, ok bool) {
	for _, c := range s {
		if c.days.Sign() == 0 {
			continue
		}
		first := dayZero.Add(time.Duration(c.days.TrailingZeroBits()) * aDay)
		end := dayZero.Add(time.Duration(c.days.BitLen()) * aDay)
		if !ok || first.Before(from) {
			from = first
		}
		if !ok || end.After(until) {
			until = end
		}
		ok = true
	}
	return from, until, ok
}

// asked are the accounts and regions that the query asks for, as far as they are
// named or found, and those that were found.
func (s scopes) asked(q *Query) []where {
	found := map[string]bool{}
	for key := range s {
		found[key.account] = true
	}
	accounts := q.Accounts
	if len(accounts) == 0 {
		for account := range found {
			if account != "" {
				accounts = append(accounts, account)
			}
		}
	}
	all := map[where]bool{}
	for key, c := range s {
		if key.region != "" || c.records+c.count+c.refused > 0 {
			all[key] = true
		}
	}
	for _, account := range accounts {
		for _, region := range q.Regions {
			all[where{account, region}] = true
		}
		if len(q.Regions) == 0 && !found[account] {
			all[where{account, ""}] = true
		}
	}
	return slices.SortedFunc(maps.Keys(all), where.compare)
}

// list says of each scope whether it was read whole. from and until bound the
// days that something must have been delivered on.
func (s scopes) list(q *Query, from, until time.Time) []model.EventScope {
	list := []model.EventScope{}
	for _, key := range s.asked(q) {
		c := s[key]
		if c == nil {
			c = &scope{}
		}
		list = append(list, model.EventScope{Account: key.account, Region: key.region, Records: c.records, Gap: c.gap(from, until)})
	}
	return list
}

// gap is why the record of a scope is not complete. What was refused or missing
// in a scope without a name could be of any.
func (c *scope) gap(from, until time.Time) *model.Unknown {
	switch {
	case c.trouble != nil:
		why := *c.trouble
		if c.count > 1 {
			why.Detail += fmt.Sprintf(" (and %d more problems)", c.count-1)
		}
		return &why
	case c.refused > 0:
		return &model.Unknown{Reason: model.ReasonFailed, Detail: fmt.Sprintf("%d records were not understood", c.refused)}
	case c.days.Sign() == 0 && c.records == 0:
		return &model.Unknown{Reason: model.ReasonNotInSource, Detail: "no log or digest of it was found"}
	case c.days.Sign() == 0:
		return &model.Unknown{Reason: model.ReasonNotInSource, Detail: "the names of its files do not say when they were delivered, so nobody knows which days are missing: keep the names that CloudTrail gives them"}
	}
	missing, first := 0, 0
	for day := dayOf(from.Add(aDay - 1)); day < dayOf(until); day++ {
		if c.days.Bit(day) == 0 {
			if missing++; missing == 1 {
				first = day
			}
		}
	}
	if missing == 0 {
		return nil
	}
	return &model.Unknown{Reason: model.ReasonNotInSource, Detail: fmt.Sprintf(
		"of %d days there is neither a log nor a digest, the first is %s: logging was off, files were removed, or nothing happened (with log file validation on, digests prove that)",
		missing, dayZero.Add(time.Duration(first)*aDay).Format(time.DateOnly))}
}

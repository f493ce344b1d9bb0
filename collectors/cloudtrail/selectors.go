package cloudtrail

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

// recorded says which management events a trail records whole. What a selector
// narrows in any other way counts as not recorded.
type recorded struct{ read, write sources }

// sources says of which services: of KMS, and of all others but the RDS Data
// API, whose exclusion is no loss here.
type sources struct{ kms, others bool }

const kmsSource, rdsDataSource = "kms.amazonaws.com", "rdsdata.amazonaws.com"

func everything() recorded {
	all := sources{kms: true, others: true}
	return recorded{read: all, write: all}
}

// union: an event that matches any selector is recorded.
func (r recorded) union(o recorded) recorded {
	return recorded{r.read.union(o.read), r.write.union(o.write)}
}

func (s sources) union(o sources) sources { return sources{s.kms || o.kms, s.others || o.others} }

// withoutKMS says whether events of KMS are left out: where those of others are
// recorded, or because no management events are recorded at all.
func (r recorded) withoutKMS() bool {
	none := r == recorded{}
	return none || r.read.others && !r.read.kms || r.write.others && !r.write.kms
}

// classic judges basic event selectors. IncludeManagementEvents is true and
// ReadWriteType is All where they are not given (EventSelector).
func classic(list []types.EventSelector) recorded {
	var r recorded
	for _, s := range list {
		if s.IncludeManagementEvents != nil && !*s.IncludeManagementEvents {
			continue
		}
		of := sources{kms: !slices.Contains(s.ExcludeManagementEventSources, kmsSource), others: true}
		var one recorded
		if s.ReadWriteType != types.ReadWriteTypeWriteOnly {
			one.read = of
		}
		if s.ReadWriteType != types.ReadWriteTypeReadOnly {
			one.write = of
		}
		r = r.union(one)
	}
	return r
}

// advanced judges advanced event selectors by their fields. Their names mean
// nothing: people change them.
func advanced(list []types.AdvancedEventSelector) recorded {
	var r recorded
	for _, s := range list {
		r = r.union(advancedOne(s.FieldSelectors))
	}
	return r
}

// advancedOne is what one selector records: all of its conditions must hold.
func advancedOne(fields []types.AdvancedFieldSelector) recorded {
	management := false
	r := everything()
	for _, f := range fields {
		switch value := func(v string) bool { return admits(f, v) }; fieldName(f) {
		case "eventcategory":
			management = value("Management")
		case "readonly":
			if !value("true") {
				r.read = sources{}
			}
			if !value("false") {
				r.write = sources{}
			}
		case "eventsource":
			of := sources{kms: value(kmsSource), others: onlyExcludes(f, kmsSource, rdsDataSource)}
			r.read, r.write = r.read.and(of), r.write.and(of)
		default:
			// eventName, eventType, userIdentity.arn and what may come yet
			// record a part of the events only.
			return recorded{}
		}
	}
	if !management {
		return recorded{}
	}
	return r
}

func (s sources) and(o sources) sources { return sources{s.kms && o.kms, s.others && o.others} }

func fieldName(f types.AdvancedFieldSelector) string {
	if f.Field == nil {
		return ""
	}
	return strings.ToLower(*f.Field)
}

// admits says whether an event with this value of the field passes all
// operators of the condition.
func admits(f types.AdvancedFieldSelector, value string) bool {
	for _, op := range []struct {
		list  []string
		match func(s, part string) bool
		wants bool
	}{
		{f.Equals, strings.EqualFold, true},
		{f.StartsWith, strings.HasPrefix, true},
		{f.EndsWith, strings.HasSuffix, true},
		{f.NotEquals, strings.EqualFold, false},
		{f.NotStartsWith, strings.HasPrefix, false},
		{f.NotEndsWith, strings.HasSuffix, false},
	} {
		hit := slices.ContainsFunc(op.list, func(v string) bool { return op.match(value, v) })
		if len(op.list) > 0 && hit != op.wants {
			return false
		}
	}
	return true
}

// onlyExcludes says whether the condition leaves out these values and no others.
func onlyExcludes(f types.AdvancedFieldSelector, values ...string) bool {
	if len(f.Equals)+len(f.StartsWith)+len(f.EndsWith)+len(f.NotStartsWith)+len(f.NotEndsWith) > 0 {
		return false
	}
	return !slices.ContainsFunc(f.NotEquals, func(v string) bool { return !slices.Contains(values, strings.ToLower(v)) })
}

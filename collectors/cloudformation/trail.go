package cloudformation

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/collectors/cloudtrail"
	"github.com/keyproof/keyproof/model"
)

// trail reads AWS::CloudTrail::Trail with the bucket that it delivers to.
func (r *reader) trail(res *resource) {
	p := r.properties(res)
	body := &model.Trail{
		Name:         r.must(p.get("TrailName"), "a name that CloudFormation makes up"),
		HomeRegion:   r.home(),
		MultiRegion:  r.boolean(p.get("IsMultiRegionTrail"), false),
		Organization: r.boolean(p.get("IsOrganizationTrail"), false),
		// Left out, CreateTrail includes them (CloudTrail User Guide, "Using
		// create-trail": the answers of its examples).
		GlobalEvents: r.boolean(p.get("IncludeGlobalServiceEvents"), true),
		Validation:   r.boolean(p.get("EnableLogFileValidation"), false),
		KMSKey:       r.nonEmpty(p.get("KMSKeyId")),
		KMSEncrypted: r.refers(p.get("KMSKeyId")),
		Bucket:       r.must(p.get("S3BucketName"), "the name of the bucket"),
		LogGroup:     r.nonEmpty(p.get("CloudWatchLogsLogGroupArn")),
		Logging:      r.boolean(p.get("IsLogging"), true), // required by the Template Reference
	}
	r.selectors(body, p)
	r.bucket(body, p.get("S3BucketName"))
	out := r.emit(res, res.id, model.KindTrail, body.Name, body)
	switch body.KMSKey.State() {
	case model.StateAbsent:
		out.Ref("key", model.None[model.ResourceID]())
	default:
		out.Ref("key", r.reference(r.keyTarget(p.get("KMSKeyId")), keys()))
	}
}

// eventDataStore says that a store of CloudTrail Lake is no trail: no rule is
// about one, and it does not deliver to a bucket.
func (r *reader) eventDataStore(res *resource) {
	r.note(res.line, "%s is an event data store: rules are about trails, so that it was not judged", res.id)
}

// selectors reads EventSelectors and AdvancedEventSelectors. A trail without any
// records all management events (EventSelector, CloudTrail API Reference).
func (r *reader) selectors(body *model.Trail, p value) {
	basic, why, ok := entries(p.get("EventSelectors"))
	advanced, whyToo, okToo := entries(p.get("AdvancedEventSelectors"))
	if !ok || !okToo {
		if ok {
			why = whyToo
		}
		unknownSelectors(body, why)
		return
	}
	s := &selecting{r: r}
	var classic []types.EventSelector
	for _, v := range basic {
		classic = append(classic, types.EventSelector{
			IncludeManagementEvents:       s.boolean(v.get("IncludeManagementEvents")),
			ReadWriteType:                 types.ReadWriteType(s.text(v.get("ReadWriteType"))),
			ExcludeManagementEventSources: s.texts(v.get("ExcludeManagementEventSources")),
		})
	}
	var fields []types.AdvancedEventSelector
	for _, v := range advanced {
		var one types.AdvancedEventSelector
		list, whyFields, ok := entries(v.get("FieldSelectors"))
		if !ok {
			s.why = &whyFields
		}
		for _, f := range list {
			one.FieldSelectors = append(one.FieldSelectors, types.AdvancedFieldSelector{
				Field: aws.String(s.text(f.get("Field"))), Equals: s.texts(f.get("Equals")), NotEquals: s.texts(f.get("NotEquals")),
				StartsWith: s.texts(f.get("StartsWith")), NotStartsWith: s.texts(f.get("NotStartsWith")),
				EndsWith: s.texts(f.get("EndsWith")), NotEndsWith: s.texts(f.get("NotEndsWith")),
			})
		}
		fields = append(fields, one)
	}
	if s.why != nil {
		unknownSelectors(body, *s.why)
		return
	}
	cloudtrail.Selected(body, classic, fields)
}

func unknownSelectors(body *model.Trail, why model.Unknown) {
	no := model.Missing[bool](why)
	body.SelectorKind = model.Missing[string](why)
	body.ManagementRead, body.ManagementWrite, body.KMSEventsExcluded = no, no, no
}

// selecting reads selectors; why says what of them is unknown.
type selecting struct {
	r   *reader
	why *model.Unknown
}

func (s *selecting) text(v value) string {
	text := s.r.string(v)
	if why := text.Why(); text.State() == model.StateUnknown {
		s.why = &why
	}
	return text.Or("")
}

func (s *selecting) boolean(v value) *bool {
	if !v.given() {
		return nil
	}
	b := s.r.boolean(v, true)
	if why := b.Why(); b.State() == model.StateUnknown {
		s.why = &why
	}
	return aws.Bool(b.Or(true))
}

func (s *selecting) texts(v value) []string {
	list, why, ok := entries(v)
	if !ok {
		s.why = &why
	}
	var out []string
	for _, item := range list {
		out = append(out, s.text(item))
	}
	return out
}

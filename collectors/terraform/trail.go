package terraform

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/collectors/cloudtrail"
	"github.com/keyproof/keyproof/model"
)

// trail: the defaults are the provider's own (documentation of aws_cloudtrail),
// which it sends with every request.
//
// Rules ask whether there is a log group, and whether access to the bucket is
// logged: what the file makes for it is named by its address until it has an ARN.
func (b *builder) trail(from *block) *model.Resource {
	none := model.None[string]()
	body := &model.Trail{
		Name:         from.get("name").text(model.Value[string]{}),
		HomeRegion:   from.values.get("home_region").text(model.Missing[string](notInSource("the region of the provider is not in the plan"))),
		MultiRegion:  from.get("is_multi_region_trail").yes(model.Known(false)),
		Organization: from.get("is_organization_trail").yes(model.Known(false)),
		GlobalEvents: from.get("include_global_service_events").yes(model.Known(true)),
		Validation:   from.get("enable_log_file_validation").yes(model.Known(false)),
		Logging:      from.get("enable_logging").yes(model.Known(true)),
		LogGroup:     from.get("cloud_watch_logs_group_arn").text(none),
	}
	if region := from.place().region; region != "" && body.HomeRegion.State() == model.StateUnknown {
		body.HomeRegion = model.Known(region)
	}
	key := b.keyOf(from, from.get("kms_key_id"), from.config.Get("expressions.kms_key_id"), "")
	body.KMSKey = key.name
	if from.get("kms_key_id").text(none).State() == model.StateAbsent {
		body.KMSKey, key.ref = none, model.None[model.ResourceID]()
	}
	if standard, known := key.standard.Get(); known && !standard {
		body.KMSEncrypted = model.Known(true) // with a key whose ARN may be known later only
	}
	if one := from.follow("cloud_watch_logs_group_arn").exact(); one != nil && body.LogGroup.State() == model.StateUnknown {
		body.LogGroup = model.Known(one.address)
	}
	selectors(from, body)
	b.bucket(from, body)
	r := b.resource(from, model.KindTrail, body.Name, body)
	r.Ref("key", key.ref)
	return r
}

// selectors hands over what the trail records. Blocks are unknown as a whole if
// anything in them is: half a selector records something else. The provider never
// chooses any, so that those which are not known are the author's, made by
// "dynamic".
func selectors(from *block, body *model.Trail) {
	for _, name := range []string{"event_selector", "advanced_event_selector"} {
		if a := from.values.get(name); a.state() == hidden || !a.whole() && a.state() != unset {
			why := a.why()
			body.SelectorKind = model.Missing[string](why)
			unknown := model.Missing[bool](why)
			body.ManagementRead, body.ManagementWrite, body.KMSEventsExcluded = unknown, unknown, unknown
			return
		}
	}
	var basic []types.EventSelector
	for _, s := range from.get("event_selector").list() {
		basic = append(basic, types.EventSelector{
			IncludeManagementEvents:       aws.Bool(s.get("include_management_events").yes(model.Known(true)).Or(true)),
			ReadWriteType:                 types.ReadWriteType(s.get("read_write_type").text(model.Known("All")).Or("All")),
			ExcludeManagementEventSources: texts(s.get("exclude_management_event_sources").v),
		})
	}
	var advanced []types.AdvancedEventSelector
	for _, s := range from.get("advanced_event_selector").list() {
		var one types.AdvancedEventSelector
		for _, f := range s.get("field_selector").list() {
			one.FieldSelectors = append(one.FieldSelectors, types.AdvancedFieldSelector{
				Field:  aws.String(f.get("field").v.String()),
				Equals: texts(f.get("equals").v), NotEquals: texts(f.get("not_equals").v),
				StartsWith: texts(f.get("starts_with").v), NotStartsWith: texts(f.get("not_starts_with").v),
				EndsWith: texts(f.get("ends_with").v), NotEndsWith: texts(f.get("not_ends_with").v),
			})
		}
		advanced = append(advanced, one)
	}
	cloudtrail.Selected(body, basic, advanced)
}

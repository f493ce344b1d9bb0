package cloudtrail

import (
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/model"
)

// Select fills what selectors that stand in infrastructure code make a trail
// record, by the same judgement as of a live one. Without any it records all
// management events (EventSelector).
func Select(body *model.Trail, basic []types.EventSelector, fields []types.AdvancedEventSelector) {
	records := everything()
	body.SelectorKind = model.Known("classic")
	switch {
	case len(fields) > 0:
		body.SelectorKind, records = model.Known("advanced"), advanced(fields)
	case len(basic) > 0:
		records = classic(basic)
	}
	body.ManagementRead = model.Known(records.read.others)
	body.ManagementWrite = model.Known(records.write.others)
	body.KMSEventsExcluded = model.Known(records.withoutKMS())
}

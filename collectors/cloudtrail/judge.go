package cloudtrail

import (
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/model"
)

// Selected fills what a trail with these event selectors records, of either sort.
// With none of both it records all management events: "Trails created without
// specific event selectors will be configured to log all read and write
// management events" (EventSelector). Readers of infrastructure code judge by it.
//
// It returns whether all write events of KMS are recorded, which the attributes
// do not tell of a trail that leaves out its reads only.
func Selected(body *model.Trail, basic []types.EventSelector, adv []types.AdvancedEventSelector) (keyWrites bool) {
	var records recorded
	switch {
	case len(adv) > 0:
		body.SelectorKind, records = model.Known("advanced"), advanced(adv)
	case len(basic) > 0:
		body.SelectorKind, records = model.Known("classic"), classic(basic)
	default:
		body.SelectorKind, records = model.Known("classic"), everything()
	}
	body.ManagementRead = model.Known(records.read.others)
	body.ManagementWrite = model.Known(records.write.others)
	body.KMSEventsExcluded = model.Known(records.withoutKMS())
	return records.write.kms
}

package cloudtrail

import "github.com/keyproof/keyproof/model"

// recording returns the trails that record a region: its own, and those of
// every region, the organization's among them.
func recording(trails []*model.Trail, region string) []*model.Trail {
	var list []*model.Trail
	for _, t := range trails {
		// A trail that shows here although it should not is given the benefit
		// of the doubt only if AWS did not say of which regions it is.
		multi, known := t.MultiRegion.Get()
		if multi || !known || t.HomeRegion.Or(region) == region {
			list = append(list, t)
		}
	}
	return list
}

// coverage sums up the trails that record an account in a region. One trail
// without a shortcoming is enough. If none certainly is without one, but one
// may be, nobody can say; else the shortcomings of the trail that has fewest.
func coverage(trails []*model.Trail) *model.Account {
	body := &model.Account{TrailCount: model.Known(len(trails))}
	if len(trails) == 0 {
		body.TrailShortcomings = model.Known([]string{"no trail records this region"})
		return body
	}
	var best []string
	var doubt *model.Unknown
	for _, t := range trails {
		lacks, why := shortcomings(t)
		switch {
		case len(lacks) > 0:
			if best == nil || len(lacks) < len(best) {
				best = lacks
			}
		case why == nil:
			body.TrailShortcomings = model.Known([]string{})
			return body
		case doubt == nil:
			doubt = why
		}
	}
	body.TrailShortcomings = model.Known(best)
	if doubt != nil {
		body.TrailShortcomings = model.Missing[[]string](*doubt)
	}
	return body
}

// shortcomings returns what a trail certainly lacks, and why something else of
// it is unknown. What is asked for is what PCI DSS 10.2 and 10.3 and AWS
// Config's rule cloudtrail-security-trail-enabled ask: all management events of
// all regions and of global services, in files whose digests show changes, which
// do arrive. A trail of one region falls short in its own region too: what is
// done elsewhere with the same credentials goes unseen.
func shortcomings(t *model.Trail) (lacks []string, unknown *model.Unknown) {
	for _, need := range []struct {
		value model.Value[bool]
		want  bool
		lack  string
	}{
		{t.Logging, true, "does not log"},
		{t.MultiRegion, true, "covers one region only"},
		{t.GlobalEvents, true, "events of global services are not recorded"},
		{t.ManagementRead, true, "read management events are not recorded"},
		{t.ManagementWrite, true, "write management events are not recorded"},
		{t.KMSEventsExcluded, false, "KMS events are excluded"},
		{t.Validation, true, "log file validation is off"},
	} {
		v, known := need.value.Get()
		switch {
		case known && v != need.want:
			lacks = append(lacks, need.lack)
		case !known && unknown == nil:
			why := need.value.Why()
			unknown = &why
		}
	}
	switch failure, failed := t.DeliveryError.Get(); {
	case failed:
		lacks = append(lacks, "delivery fails: "+failure)
	case t.DeliveryError.State() == model.StateUnknown && unknown == nil:
		why := t.DeliveryError.Why()
		unknown = &why
	}
	return lacks, unknown
}

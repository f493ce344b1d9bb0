package cloudtrail

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

var because = model.Unknown{Reason: model.ReasonAccessDenied, Action: getTrailStatus}

// good lacks nothing.
func good() *model.Trail {
	return &model.Trail{
		HomeRegion: model.Known("us-east-1"), MultiRegion: model.Known(true), GlobalEvents: model.Known(true),
		Validation: model.Known(true), Logging: model.Known(true), DeliveryError: model.None[string](),
		ManagementRead: model.Known(true), ManagementWrite: model.Known(true), KMSEventsExcluded: model.Known(false),
	}
}

func with(change func(*model.Trail)) *model.Trail {
	t := good()
	change(t)
	return t
}

// flaw is one thing that a trail can lack.
type flaw struct {
	text    string
	set     func(*model.Trail)
	unknown func(*model.Trail)
}

func flaws() []flaw {
	unknown := model.Missing[bool](because)
	off, on := model.Known(false), model.Known(true)
	return []flaw{
		{"does not log", func(t *model.Trail) { t.Logging = off }, func(t *model.Trail) { t.Logging = unknown }},
		{"covers one region only", func(t *model.Trail) { t.MultiRegion = off }, func(t *model.Trail) { t.MultiRegion = unknown }},
		{"events of global services are not recorded", func(t *model.Trail) { t.GlobalEvents = off }, func(t *model.Trail) { t.GlobalEvents = unknown }},
		{"read management events are not recorded", func(t *model.Trail) { t.ManagementRead = off }, func(t *model.Trail) { t.ManagementRead = unknown }},
		{"write management events are not recorded", func(t *model.Trail) { t.ManagementWrite = off }, func(t *model.Trail) { t.ManagementWrite = unknown }},
		{"KMS events are excluded", func(t *model.Trail) { t.KMSEventsExcluded = on }, func(t *model.Trail) { t.KMSEventsExcluded = unknown }},
		{"log file validation is off", func(t *model.Trail) { t.Validation = off }, func(t *model.Trail) { t.Validation = unknown }},
		{"delivery fails: AccessDenied", func(t *model.Trail) { t.DeliveryError = model.Known("AccessDenied") }, func(t *model.Trail) { t.DeliveryError = model.Missing[string](because) }},
	}
}

func TestEveryFlaw(t *testing.T) {
	for _, f := range flaws() {
		t.Run(f.text, func(t *testing.T) {
			assert.Equal(t, model.Known([]string{f.text}), coverage([]*model.Trail{with(f.set)}).TrailShortcomings)
			assert.Equal(t, model.Known([]string{}), coverage([]*model.Trail{with(f.set), good()}).TrailShortcomings, "one good trail is enough")
		})
	}
}

// TestEveryUnknown makes each thing unknown in turn: the answer is never that
// the trail lacks nothing, and is known only if something else decides.
func TestEveryUnknown(t *testing.T) {
	for _, f := range flaws() {
		t.Run(f.text, func(t *testing.T) {
			got := coverage([]*model.Trail{with(f.unknown)}).TrailShortcomings
			require.Equal(t, model.StateUnknown, got.State())
			assert.Equal(t, because, got.Why())

			assert.Equal(t, model.Known([]string{}), coverage([]*model.Trail{with(f.unknown), good()}).TrailShortcomings)
			for _, g := range flaws() {
				bad := with(g.set)
				got := coverage([]*model.Trail{bad, with(f.unknown)}).TrailShortcomings
				assert.Equal(t, model.StateUnknown, got.State(), "the other one may be good")
				if g.text == f.text {
					continue
				}
				f.unknown(bad)
				assert.Equal(t, model.Known([]string{g.text}), coverage([]*model.Trail{bad}).TrailShortcomings, "it lacks that whatever the unknown is")
			}
		})
	}
}

func TestNothingKnown(t *testing.T) {
	got := coverage([]*model.Trail{{}})
	assert.Equal(t, model.Known(1), got.TrailCount)
	assert.Equal(t, model.StateUnknown, got.TrailShortcomings.State())
}

func TestNoTrail(t *testing.T) {
	got := coverage(nil)
	assert.Equal(t, model.Known(0), got.TrailCount)
	assert.Equal(t, model.Known([]string{"no trail records this region"}), got.TrailShortcomings)
}

func TestBestTrail(t *testing.T) {
	two := with(func(t *model.Trail) { t.Logging, t.Validation = model.Known(false), model.Known(false) })
	one := with(func(t *model.Trail) { t.Validation = model.Known(false) })
	other := with(func(t *model.Trail) { t.Logging = model.Known(false) })
	for _, list := range [][]*model.Trail{{two, one}, {one, two}, {one, other}} {
		assert.Equal(t, model.Known([]string{"log file validation is off"}), coverage(list).TrailShortcomings)
	}
	assert.Equal(t, model.Known([]string{"does not log", "log file validation is off"}), coverage([]*model.Trail{two}).TrailShortcomings)
}

func TestRecording(t *testing.T) {
	single := with(func(t *model.Trail) { t.MultiRegion = model.Known(false) })
	vague := with(func(t *model.Trail) { t.MultiRegion = model.Value[bool]{} })
	list := []*model.Trail{good(), single, vague}
	assert.Len(t, recording(list, "us-east-1"), 3)
	assert.Equal(t, []*model.Trail{list[0], list[2]}, recording(list, "eu-west-1"))
}

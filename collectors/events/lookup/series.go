package lookup

import (
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/keyproof/keyproof/collectors/events"
)

// series is a list of events that is asked for page by page, newest first: those
// of a service, or those of a service with one name.
type series struct {
	Source string
	Name   string    `json:",omitempty"`
	Until  time.Time // the time of the oldest event so far; before that, where to begin
	// Recent are the ids that were seen of that second: the next call asks for that
	// second again, as tokens do not outlive an interruption.
	Recent map[string]bool `json:",omitempty"`
	Done   bool            `json:",omitempty"`
	Pages  int             `json:",omitempty"`
	Useful int             `json:",omitempty"` // relevant events
}

// again tells an event that was seen before, and remembers this one.
func (s *series) again(id string, at time.Time) bool {
	if at.Before(s.Until) {
		s.Until, s.Recent = at, nil
	}
	if s.Recent[id] {
		return true
	}
	if s.Recent == nil {
		s.Recent = map[string]bool{}
	}
	s.Recent[id] = true
	return false
}

// A service's series is given up for one a name when little of it is wanted: KMS
// records every use of a key, and two pages a second of those would take days.
const (
	patience = 40 // pages, 20 seconds
	useful   = 2  // events a page, of 50
)

func (s *series) wasteful(f events.Filter) bool {
	_, all := f.Names(s.Source)
	return s.Name == "" && !all && s.Pages >= patience && s.Useful < useful*s.Pages
}

// split are the series that go on for one of a service by the names of events.
func (s *series) split(f events.Filter) []series {
	names, _ := f.Names(s.Source)
	list := make([]series, len(names))
	for i, name := range names {
		list[i] = series{Source: s.Source, Name: name, Until: s.Until, Recent: maps.Clone(s.Recent)}
	}
	return list
}

// foreign tells an event that another series has: the names of events are not
// those of one service.
func (s *series) foreign(e *types.Event) bool {
	return s.Name != "" && e.EventSource != nil && *e.EventSource != s.Source
}

// input asks for the events from a time to the one that was reached.
func (s *series) input(since time.Time) *cloudtrail.LookupEventsInput {
	key, value := types.LookupAttributeKeyEventSource, s.Source
	if s.Name != "" {
		key, value = types.LookupAttributeKeyEventName, s.Name
	}
	return &cloudtrail.LookupEventsInput{
		LookupAttributes: []types.LookupAttribute{{AttributeKey: key, AttributeValue: &value}},
		StartTime:        aws.Time(since), EndTime: aws.Time(s.Until), MaxResults: aws.Int32(50),
	}
}

package events

import "github.com/keyproof/keyproof/model"

// Sorted is what became of a record: relevant when Event is there, refused when
// Kind says why, else irrelevant.
type Sorted struct {
	Event  *model.Event
	Kind   Kind
	Detail string
}

// Take sorts one record that came by itself, from an API, as those of an archive
// are sorted. account and region are where it was asked for.
func (q *Query) Take(raw []byte, account, region string) Sorted {
	var d decoder
	if err := d.m.split(raw); err != nil {
		return Sorted{Kind: KindRecord, Detail: err.Error()}
	}
	if d.m.count("eventSource") > 1 || d.m.count("eventName") > 1 {
		return Sorted{Kind: KindRecord, Detail: "it says its eventSource or eventName twice"}
	}
	source, name := d.must("eventSource"), d.must("eventName")
	if d.err != nil {
		return Sorted{Kind: KindRecord, Detail: d.err.Error()}
	}
	relevant := q.Relevant
	if relevant == nil {
		relevant = Relevant()
	}
	if !relevant.match([]byte(source), []byte(name)) {
		return Sorted{}
	}
	e, err := Decode(raw)
	switch {
	case err != nil:
		return Sorted{Kind: KindRecord, Detail: err.Error()}
	case !q.Now.IsZero() && e.Time.After(q.Now.Add(grace)):
		return Sorted{Kind: KindFuture, Detail: "its eventTime is in the future"}
	case !q.wants(e, Place{Account: account, Region: region}):
		return Sorted{}
	}
	return Sorted{Event: e}
}

// Names are the events of a service that are wanted; all is true when that is
// every one.
func (f Filter) Names(source string) (names []string, all bool) {
	of, ok := f[source]
	if ok && of == nil {
		return nil, true
	}
	return sorted(of), false
}

// Sources are the services that have events which are wanted, in order.
func (f Filter) Sources() []string { return sorted(f) }

package snapfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/keyproof/keyproof/model"
)

// The lines that are no resource begin so; see encode.
var (
	eventLine = []byte(`{"event":`)
	endLine   = []byte(`{"end":`)
)

// encodeEvents writes the events and counts them.
func encodeEvents(w io.Writer, snap *model.Snapshot) (int, error) {
	n := 0
	if snap.Events == nil {
		return n, nil
	}
	for e, err := range snap.Events {
		if err != nil {
			return n, err
		}
		if snap.Header.Events == nil {
			return n, errors.New("the snapshot has events, and no record of where they are from")
		}
		line, err := e.Line()
		if err != nil {
			return n, err
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// resources reads the resources, and sees to it that the rest of the file is there.
func (r *reader) resources(yield func(*model.Resource, error) bool) {
	var last *model.ResourceID
	n, events := 0, 0
	for {
		raw, err := r.next()
		if err != nil {
			yield(nil, err)
			return
		}
		switch {
		case bytes.HasPrefix(raw, endLine):
			if err := r.end(raw, n, events); err != nil {
				yield(nil, err)
			}
			return
		case bytes.HasPrefix(raw, eventLine) && !r.events:
			yield(nil, r.damaged(errors.New("there are events, of which the first line says nothing"))) // so that nobody would read them
			return
		case bytes.HasPrefix(raw, eventLine):
			events++
			continue
		case events > 0:
			yield(nil, r.damaged(errors.New("there is a resource after the events")))
			return
		}
		res := new(model.Resource)
		if err := json.Unmarshal(raw, res); err != nil {
			yield(nil, r.damaged(err))
			return
		}
		if last != nil && last.Compare(res.ID) >= 0 {
			yield(nil, r.damaged(fmt.Errorf("%s is out of order or twice there", res.ID)))
			return
		}
		last = &res.ID
		n++
		if !yield(res, nil) {
			return
		}
	}
}

// recorded reads the events behind the resources.
func (r *reader) recorded(yield func(*model.Event, error) bool) {
	n, events := 0, 0
	for {
		raw, err := r.next()
		switch {
		case err != nil:
			yield(nil, err)
			return
		case bytes.HasPrefix(raw, endLine):
			if err := r.end(raw, n, events); err != nil {
				yield(nil, err)
			}
			return
		case !bytes.HasPrefix(raw, eventLine):
			n++
			continue
		}
		e, err := model.ReadEvent(raw)
		if err != nil {
			yield(nil, r.damaged(err))
			return
		}
		events++
		if !yield(e, nil) {
			return
		}
	}
}

func (r *reader) end(raw []byte, n, events int) error {
	var last lastLine
	if err := json.Unmarshal(raw, &last); err != nil || last.End == nil || last.End.Resources != n || last.End.Events != events {
		return r.damaged(fmt.Errorf("the last line does not agree with the %d resources and %d events before it", n, events))
	}
	if r.scan.Scan() || r.scan.Err() != nil {
		r.line++
		return r.damaged(errors.New("there is something after the last line"))
	}
	return nil
}

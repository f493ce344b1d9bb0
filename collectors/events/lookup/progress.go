package lookup

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/keyproof/keyproof/collectors/events"
)

// progressFile is how far one region of an account was read: a small file that is
// replaced as a whole, and beside it the records that were worth keeping, which
// grow; what the small file does not count of them is cut off.
type progressFile struct {
	base   string // path without suffix; empty: nothing is kept
	state  progress
	events *os.File
	w      *bufio.Writer
	saved  time.Time // when it was written last
}

type progress struct {
	Series []series
	Kept   int64 // bytes of the records that count
	Others int   // records that were irrelevant
}

const (
	stateSuffix  = ".json"
	eventsSuffix = ".ndjson"
	saveEvery    = 5 * time.Second
)

// keptLine is one line of the records.
type keptLine struct {
	Record json.RawMessage `json:"record,omitempty"` // reduced
	Kind   events.Kind     `json:"kind,omitempty"`   // of a refused one, with why
	Detail string          `json:"detail,omitempty"`
}

func (f *progressFile) path(suffix string) string { return f.base + suffix }

func (f *progressFile) complete() bool {
	for i := range f.state.Series {
		if !f.state.Series[i].Done {
			return false
		}
	}
	return true
}

// openEvents opens the records and cuts off what an interruption left of more.
func (f *progressFile) openEvents() (err error) {
	if f.base == "" {
		return nil
	}
	f.events, err = os.OpenFile(f.path(eventsSuffix), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return &storeError{err}
	}
	info, err := f.events.Stat()
	if err == nil && info.Size() < f.state.Kept {
		err = damaged(filepath.Dir(f.base), fmt.Errorf("%s is shorter than it was", f.path(eventsSuffix)))
	}
	if err == nil {
		err = f.events.Truncate(f.state.Kept)
	}
	if err != nil {
		return errors.Join(&storeError{err}, f.events.Close())
	}
	return nil
}

// replay hands on the records of earlier runs, the irrelevant ones as nothing.
func (f *progressFile) replay(each func(events.Sorted) error, take func(raw []byte) events.Sorted) error {
	for range f.state.Others {
		if err := each(events.Sorted{}); err != nil {
			return err
		}
	}
	if f.events == nil {
		return nil
	}
	for dec := json.NewDecoder(bufio.NewReader(f.events)); dec.More(); {
		var line keptLine
		if err := dec.Decode(&line); err != nil {
			return damaged(filepath.Dir(f.base), err)
		}
		sorted := events.Sorted{Kind: line.Kind, Detail: line.Detail}
		if line.Kind == "" {
			sorted = take(line.Record)
		}
		if err := each(sorted); err != nil {
			return err
		}
	}
	if _, err := f.events.Seek(f.state.Kept, 0); err != nil {
		return &storeError{err}
	}
	f.w = bufio.NewWriter(f.events)
	return nil
}

// keep remembers a record: what is relevant or refused as it is, others by their
// number.
func (f *progressFile) keep(raw []byte, sorted events.Sorted) error {
	line := keptLine{Kind: sorted.Kind, Detail: sorted.Detail}
	switch {
	case sorted.Event == nil && sorted.Kind == "":
		f.state.Others++
		return nil
	case f.w == nil:
		return nil
	case sorted.Event != nil:
		reduced, err := events.Reduce(raw)
		if err != nil {
			return err
		}
		line.Record = reduced
	}
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	n, err := f.w.Write(append(text, '\n'))
	f.state.Kept += int64(n)
	if err != nil {
		return &storeError{err}
	}
	return nil
}

func (f *progressFile) saveNowAndThen() error {
	if time.Since(f.saved) < saveEvery {
		return nil
	}
	return f.save()
}

// save writes the records first: the small file must not count what is not there.
func (f *progressFile) save() error {
	if f.w == nil {
		return nil
	}
	f.saved = time.Now()
	if err := errors.Join(f.w.Flush(), f.events.Sync()); err != nil {
		return &storeError{err}
	}
	return writeJSON(f.path(stateSuffix), &f.state)
}

func (f *progressFile) close() error {
	if f.events == nil {
		return nil
	}
	return errors.Join(f.save(), f.events.Close())
}

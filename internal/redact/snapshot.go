package redact

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// Snapshot is a redacted snapshot. Resources are kept in a temporary file, since
// pseudonyms sort otherwise than names.
type Snapshot struct {
	*model.Snapshot
	file  *os.File
	lines []line
}

// line is where a resource is in the file.
type line struct {
	id       model.ResourceID
	off, len int64
}

// Snapshot redacts a snapshot. It goes through it twice: names that a later
// resource has are replaced in the texts of an earlier one too.
func (r *Redactor) Snapshot(snap *model.Snapshot) (s *Snapshot, err error) {
	f, err := os.CreateTemp("", "keyproof-*.redacted")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w; set TMPDIR to a writable directory", err)
	}
	_ = os.Remove(f.Name()) // where the system allows; else Close does
	s = &Snapshot{Snapshot: &model.Snapshot{}, file: f}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	for res, err := range snap.Resources {
		if err != nil {
			return nil, err
		}
		if _, err := r.Marshalled(res); err != nil {
			return nil, err
		}
	}
	if snap.Events != nil {
		for e, err := range snap.Events {
			if err != nil {
				return nil, err
			}
			if _, err := r.event(e); err != nil {
				return nil, err
			}
		}
	}
	raw, err := r.Marshalled(&snap.Header)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &s.Header); err != nil {
		return nil, err
	}
	slices.SortFunc(s.Scopes, func(a, b model.Scope) int {
		return model.ResourceID{Kind: a.Kind, Account: a.Account, Region: a.Region}.Compare(model.ResourceID{Kind: b.Kind, Account: b.Account, Region: b.Region})
	})
	if err := s.keep(r, snap.Resources); err != nil {
		return nil, err
	}
	s.Resources = s.resources
	if snap.Events != nil {
		s.Events = r.events(snap.Events)
	}
	return s, nil
}

// keep writes the redacted resources and sorts the places where they are.
func (s *Snapshot) keep(r *Redactor, resources iter.Seq2[*model.Resource, error]) error {
	off := int64(0)
	for res, err := range resources {
		if err != nil {
			return err
		}
		raw, err := r.Marshalled(res)
		if err != nil {
			return err
		}
		var redacted model.Resource
		if err := json.Unmarshal(raw, &redacted); err != nil {
			return fmt.Errorf("redact %s: %w", res.ID, err)
		}
		if _, err := s.file.Write(raw); err != nil {
			return fmt.Errorf("write the temporary file: %w; free space in its directory or set TMPDIR", err)
		}
		s.lines = append(s.lines, line{redacted.ID, off, int64(len(raw))})
		off += int64(len(raw))
	}
	slices.SortFunc(s.lines, func(a, b line) int { return a.id.Compare(b.id) })
	return nil
}

func (s *Snapshot) resources(yield func(*model.Resource, error) bool) {
	for _, l := range s.lines {
		raw := make([]byte, l.len)
		res := new(model.Resource)
		_, err := io.ReadFull(io.NewSectionReader(s.file, l.off, l.len), raw)
		if err == nil {
			err = json.Unmarshal(raw, res)
		}
		if err != nil {
			yield(nil, fmt.Errorf("read the temporary file: %w", err))
			return
		}
		if !yield(res, nil) {
			return
		}
	}
}

// Close frees the temporary file.
func (s *Snapshot) Close() error {
	err := os.Remove(s.file.Name())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(s.file.Close(), err)
}

func (r *Redactor) events(of iter.Seq2[*model.Event, error]) iter.Seq2[*model.Event, error] {
	return func(yield func(*model.Event, error) bool) {
		for e, err := range of {
			if err == nil {
				var raw []byte
				if raw, err = r.event(e); err == nil {
					e, err = model.ReadEvent(raw)
				}
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// eventNames are the values of an event that are names; eventTexts are those in
// which names may stand: programs name themselves in user agents. The others say
// nothing of who they are about.
var (
	eventNames = set("targets", "principal_arn", "principal_id", "principal_user_name", "principal_issuer", "request_key", "request_grantee", "request_role", "request_bucket", "request_policy_networks")
	eventTexts = set("account", "principal_account", "request_policy", "request_policy_accounts", "user_agent", "message", "file", "detail")
)

// event is the redacted line of an event.
func (r *Redactor) event(e *model.Event) ([]byte, error) {
	raw, err := e.Line()
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var tree map[string]any
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("read back an event: %w", err)
	}
	return json.Marshal(r.eventMember("", tree))
}

func (r *Redactor) eventMember(member string, v any) any {
	switch v := v.(type) {
	case string:
		switch {
		case eventNames[member]:
			return r.Name(v)
		case eventTexts[member]:
			return r.Text(v)
		}
	case []any:
		for i := range v {
			v[i] = r.eventMember(member, v[i])
		}
	case map[string]any:
		for name, value := range v {
			v[name] = r.eventMember(name, value)
		}
	}
	return v
}

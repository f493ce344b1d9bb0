package events

import (
	"context"
	"io/fs"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// Source is where records of CloudTrail are read from.
type Source interface {
	// Name says where, for people: a folder, s3://bucket/prefix, LookupEvents.
	Name() string
	// Read hands each relevant event to each. Every record that it read is counted,
	// and what it could not read is in the summary and no error; an error means that
	// the source itself could not be read, or comes from each or ctx.
	Read(ctx context.Context, q Query, each func(*model.Event) error) (*Summary, error)
}

// Archive is the source of a file system that holds an archive, in the layout that
// CloudTrail delivers.
type Archive struct {
	name string
	fsys fs.FS
}

// NewArchive returns the source; name is what people call it.
func NewArchive(name string, fsys fs.FS) *Archive { return &Archive{name, fsys} }

// Name is the name that the archive was given.
func (a *Archive) Name() string { return a.name }

// Read reads the archive: see the function Read.
func (a *Archive) Read(ctx context.Context, q Query, each func(*model.Event) error) (*Summary, error) {
	return Read(ctx, a.fsys, q, each)
}

// Log is the summary in the words of a snapshot. Nobody has verified the chain of
// digests yet.
func (s *Summary) Log(source string) model.EventLog {
	r := s.Records
	return model.EventLog{
		Source: source, From: s.From, Until: s.Until, Scopes: s.Scopes,
		Records: model.EventCounts{In: r.In, Relevant: r.Relevant, Irrelevant: r.Irrelevant, Refused: r.Refused},
		Chain:   model.EventChain{Gaps: []string{}},
	}
}

// Whole reports that all that was asked for was read.
func (s *Summary) Whole() bool {
	return !slices.ContainsFunc(s.Scopes, func(c model.EventScope) bool { return c.Gap != nil })
}

package events

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// fileReader reads one file after the other, with the same memory.
type fileReader struct {
	q    *Query
	text Text
	scan scanner
	// decode has memory for the members of a record.
	decode decoder
}

// fileResult is what became of a file.
type fileResult struct {
	records     Records
	bytes, text int64
	problems    []Problem
}

// broken reports a problem of the file itself, so that records may be missing.
func (f *fileResult) broken() bool {
	return slices.ContainsFunc(f.problems, func(p Problem) bool { return p.Place < 0 && p.Kind != KindMembers })
}

// read reads a file and hands each relevant event to each.
func (r *fileReader) read(ctx context.Context, fsys fs.FS, j *job, each func(*model.Event)) *fileResult {
	res := &fileResult{}
	name := j.name
	err := r.documents(ctx, fsys, j, res, each)
	res.bytes, res.text = r.text.Bytes(), r.text.Size
	var text *TextError
	var doc *docError
	switch {
	case err == nil:
	case errors.As(err, &text):
		res.problem(Problem{File: name, Kind: text.Kind, Place: -1, Detail: text.Detail})
	case errors.As(err, &doc):
		res.problem(Problem{File: name, Kind: doc.kind, Place: -1, Detail: doc.detail})
	default:
		res.problem(opening(name, "", err))
	}
	return res
}

func (r *fileReader) documents(ctx context.Context, fsys fs.FS, j *job, res *fileResult, each func(*model.Event)) (err error) {
	r.text.clear()
	name := j.name
	if !j.regular {
		// Opening a pipe would wait for somebody to write; a link may lead to a file.
		if info, err := fs.Stat(fsys, name); err != nil {
			return err
		} else if !info.Mode().IsRegular() {
			return errors.New("it is not a regular file")
		}
	}
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := r.text.Reset(f, strings.HasSuffix(name, ".gz")); err != nil {
		return err
	}
	r.scan.reset(stoppable{ctx, &r.text})
	visit := r.visit(name, j.place, res, each)
	documents := 0
	for ; ; documents++ {
		if err := r.scan.document(visit); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	switch {
	case documents == 0:
		return &docError{KindTruncated, "it holds no text"}
	case documents > 1 || r.text.Members > 1:
		res.problem(Problem{File: name, Kind: KindMembers, Place: -1, Detail: "several files in one, which CloudTrail never writes: somebody put them together; all were read"})
	}
	return nil
}

// stoppable ends a long file when its reader gives up.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// visit sorts one record into relevant, irrelevant and refused.
func (r *fileReader) visit(name string, place Place, res *fileResult, each func(*model.Event)) func(*record, []byte) {
	return func(rec *record, raw []byte) {
		at := res.records.In
		res.records.In++
		refuse := func(kind Kind, why string) {
			res.records.Refused++
			res.problem(Problem{File: name, Kind: kind, Place: at, Count: 1, Detail: why})
		}
		if rec.bad == "" {
			rec.read(raw)
		}
		switch {
		case rec.bad != "":
			refuse(KindRecord, rec.bad)
			return
		case rec.source.colon == 0:
			refuse(KindRecord, "it has no eventSource")
			return
		case rec.name.colon == 0:
			refuse(KindRecord, "it has no eventName")
			return
		case !r.q.Relevant.match(rec.source.text, rec.name.text):
			res.records.Irrelevant++
			return
		}
		e, err := r.decode.event(raw)
		switch {
		case err != nil:
			refuse(KindRecord, err.Error())
		case !r.q.Now.IsZero() && e.Time.After(r.q.Now.Add(grace)):
			refuse(KindFuture, "its eventTime is in the future")
		case !r.q.wants(e, place):
			res.records.Irrelevant++
		default:
			res.records.Relevant++
			e.File, e.Place = name, at
			each(e)
		}
	}
}

// wants: the time is that of the event; account and region are the key's, and the
// event's own where the key does not say.
func (q *Query) wants(e *model.Event, place Place) bool {
	if !q.Since.IsZero() && e.Time.Before(q.Since) || !q.Until.IsZero() && !e.Time.Before(q.Until) {
		return false
	}
	if recordedBesides(e) {
		return false
	}
	return among(q.Accounts, place.Account, e.Account) && among(q.Regions, place.Region, e.Region)
}

// recordedBesides says of an event whether it is the network's view of a call that
// has a record of its own: trails may record what goes through a VPC endpoint as
// network activity too, without the request ("Network activity events" of the
// CloudTrail User Guide). One that the endpoint's policy refused is nowhere else.
func recordedBesides(e *model.Event) bool {
	outcome, known := e.Outcome.Get()
	return e.Type.Or("") == "AwsVpceEvent" && known && outcome == model.OutcomeDone
}

func among(wanted []string, key string, of model.Value[string]) bool {
	if len(wanted) == 0 || key != "" {
		return true // the key was compared before the file was opened
	}
	v, known := of.Get()
	return !known || slices.Contains(wanted, v)
}

// problem adds a problem; the same one of several records is one.
func (f *fileResult) problem(p Problem) {
	if p.Place >= 0 {
		for i := range f.problems {
			if q := &f.problems[i]; q.Place >= 0 && q.Kind == p.Kind && q.Detail == p.Detail {
				q.Count++
				return
			}
		}
	}
	f.problems = append(f.problems, p)
}

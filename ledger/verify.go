package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Verified counts what Verify looked at.
type Verified struct {
	Head      Head `json:"head"`
	Runs      int  `json:"runs"`
	Lines     int  `json:"lines"` // of the journal of changes
	Prunings  int  `json:"prunings"`
	Pruned    int  `json:"pruned"` // links whose bodies retention removed
	Snapshots int  `json:"snapshots"`
}

// Verify reads everything and makes sure that it is what was recorded. The error
// is a *BrokenError that names the first place where it is not.
//
// anchor is the hash of a link that was kept elsewhere: the ledger must hold it.
// Without one, who can write the file could have made the whole chain anew; nil
// when there is none.
func (l *Ledger) Verify(ctx context.Context, anchor *Hash) (Verified, error) {
	v := verifier{ledger: l, anchor: anchor}
	err := l.reading(ctx, func(conn *sql.Conn) error {
		v.conn = conn
		for _, step := range []func(context.Context) error{v.file, v.chain, v.bodies, v.snapshots} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return v.Verified, err
}

type verifier struct {
	Verified
	ledger *Ledger
	conn   *sql.Conn
	anchor *Hash

	runs    []Run // that were not pruned
	pending []pendingBody
	gone    seqRanges // links whose bodies the prunings say are removed
}

// pendingBody is a body that a link recorded.
type pendingBody struct {
	link int
	hash Hash
}

// file lets SQLite look at its own structure, indexes included: a query by an
// index that does not agree with its table would not find what is there.
func (v *verifier) file(ctx context.Context) error {
	var said string
	if err := v.conn.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&said); err != nil {
		return err
	}
	if said != "ok" {
		return &BrokenError{"the file", "-", said}
	}
	return nil
}

// chain reads the links in their order.
func (v *verifier) chain(ctx context.Context) (err error) {
	rows, err := v.conn.QueryContext(ctx, "SELECT seq, kind, record, hash FROM links ORDER BY seq")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	anchored := v.anchor == nil || *v.anchor == (Hash{})
	for rows.Next() {
		var seq int
		var kind string
		var record, stored []byte
		if err := rows.Scan(&seq, &kind, &record, &stored); err != nil {
			return err
		}
		broken := func(what string) error { return &BrokenError{"links", strconv.Itoa(seq), what} }
		if seq != v.Head.Links+1 {
			return broken(fmt.Sprintf("link %d is missing before it", v.Head.Links+1))
		}
		hash := linkHash(v.Head.Hash, kind, record)
		if string(hash[:]) != string(stored) {
			return broken(fmt.Sprintf("kind, record and hash do not belong together, or not to the link before: the hash is %x, it must be %s", stored, hash))
		}
		v.Head = Head{seq, hash}
		anchored = anchored || hash == *v.anchor
		if what := v.link(seq, kind, record); what != "" {
			return broken(what)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	v.gone = v.gone.sorted()
	return v.end(ctx, anchored)
}

// end compares the last link with the head and the anchor.
func (v *verifier) end(ctx context.Context, anchored bool) error {
	head, err := readHead(ctx, v.conn)
	switch {
	case err != nil:
		return err
	case head != v.Head:
		return &BrokenError{"head", "1", fmt.Sprintf("it says link %d with hash %s, the last link is %d with hash %s: links were cut off, or the head was changed",
			head.Links, head.Hash, v.Head.Links, v.Head.Hash)}
	case !anchored:
		return &BrokenError{"links", "-", fmt.Sprintf("none has the hash %s: the ledger was replaced, or cut off before that", v.anchor)}
	}
	return nil
}

// link takes note of what a link says, and returns what is wrong with that.
func (v *verifier) link(seq int, kind string, record []byte) (wrong string) {
	var err error
	switch kind {
	case kindRun:
		run := Run{Link: seq}
		if err = json.Unmarshal(record, &run); err == nil {
			v.Runs++
			v.runs = append(v.runs, run)
			v.pending = append(v.pending, pendingBody{seq, run.Body})
		}
	case kindChange:
		var line changeRecord
		if err = json.Unmarshal(record, &line); err == nil {
			v.Lines++
			v.pending = append(v.pending, pendingBody{seq, line.Body})
		}
	case kindPrune:
		var p pruneRecord
		if err = json.Unmarshal(record, &p); err == nil {
			v.Prunings++
			v.gone = append(v.gone, p.Links...)
		}
	default:
		return fmt.Sprintf("kind %q is not known: use the keyproof that wrote it, or a later one", kind)
	}
	if err != nil {
		return "the record cannot be read: " + err.Error()
	}
	return ""
}

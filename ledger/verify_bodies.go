package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
)

// bodies makes sure of every part of every body: none missing, none more.
func (v *verifier) bodies(ctx context.Context) (err error) {
	rows, err := v.conn.QueryContext(ctx, "SELECT seq, part, data, hash FROM bodies ORDER BY seq, part")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	at := 0 // in pending
	var parts []Hash
	for rows.Next() {
		var seq, n int
		var data, stored []byte
		if err := rows.Scan(&seq, &n, &data, &stored); err != nil {
			return err
		}
		for at < len(v.pending) && v.pending[at].link < seq {
			if err := v.body(v.pending[at], parts); err != nil {
				return err
			}
			at, parts = at+1, nil
		}
		broken := &BrokenError{Table: "bodies", Row: fmt.Sprintf("%d part %d", seq, n)}
		sum := sha256.Sum256(data)
		switch {
		case at == len(v.pending) || v.pending[at].link != seq:
			broken.What = "no link has such a body"
		case n != len(parts):
			broken.What = fmt.Sprintf("part %d is missing before it", len(parts))
		case string(sum[:]) != string(stored):
			broken.What = fmt.Sprintf("data and hash do not belong together: the hash of the data is %x, the stored one %x", sum, stored)
		default:
			parts = append(parts, sum)
			continue
		}
		return broken
	}
	for ; at < len(v.pending); at++ {
		if err := v.body(v.pending[at], parts); err != nil {
			return err
		}
		parts = nil
	}
	return rows.Err()
}

// body compares the parts that are there with what the link recorded.
func (v *verifier) body(want pendingBody, parts []Hash) error {
	broken := &BrokenError{Table: "bodies", Row: strconv.Itoa(want.link)}
	pruned := v.gone.has(want.link)
	switch {
	case pruned && len(parts) == 0:
		v.Pruned++
		return nil
	case pruned:
		broken.What = fmt.Sprintf("link %d was pruned, and there is a body", want.link)
	case len(parts) == 0:
		broken.What = fmt.Sprintf("the body of link %d is gone, and no pruning says so", want.link)
	case bodyHash(parts) != want.hash:
		broken.What = fmt.Sprintf("the parts are not those that link %d recorded: parts were changed with their hashes, or cut off the end", want.link)
	default:
		return nil
	}
	return broken
}

func (v *verifier) snapshots(ctx context.Context) error {
	seen := map[Hash]bool{}
	for i := range v.runs {
		run := &v.runs[i]
		if v.gone.has(run.Link) {
			continue
		}
		if run.Rules != nil && !seen[*run.Rules] {
			if err := errors.Join(ctx.Err(), check(run, v.ledger.rulesPath(*run.Rules), *run.Rules)); err != nil {
				return err
			}
			seen[*run.Rules] = true
		}
		if run.Snapshot == nil || seen[*run.Snapshot] {
			continue
		}
		if err := errors.Join(ctx.Err(), v.ledger.checkSnapshot(run)); err != nil {
			return err
		}
		seen[*run.Snapshot] = true
		v.Snapshots++
	}
	return nil
}

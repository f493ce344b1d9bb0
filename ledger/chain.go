package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
)

// Head is the last link of the chain. Kept elsewhere, it proves later what the
// ledger said up to here.
type Head struct {
	Links int  `json:"links"` // how many there are
	Hash  Hash `json:"hash"`  // of the last; zeros of an empty ledger
}

// Head returns the last link.
func (l *Ledger) Head(ctx context.Context) (Head, error) {
	h, err := readHead(ctx, l.db)
	return h, l.explain(err)
}

func readHead(ctx context.Context, q queryer) (Head, error) {
	var h Head
	var hash []byte
	err := q.QueryRowContext(ctx, "SELECT seq, hash FROM head WHERE one = 1").Scan(&h.Links, &hash)
	if err != nil {
		return h, fmt.Errorf("read the head of the chain: %w", err)
	}
	if len(hash) != len(h.Hash) {
		return h, &BrokenError{Table: "head", Row: "1", What: "it holds no SHA-256 hash"}
	}
	copy(h.Hash[:], hash)
	return h, nil
}

// linkHash is the hash of a link; see schema.
func linkHash(prev Hash, kind string, record []byte) Hash {
	h := sha256.New()
	h.Write(prev[:])
	h.Write([]byte(kind))
	h.Write([]byte{0})
	h.Write(record)
	return Hash(h.Sum(nil))
}

// part is one part of the body of a record, as it is stored.
type part struct {
	n    int
	data []byte
}

// bodyHash is the hash that a record holds of its body: the SHA-256 of the
// hashes of its parts, in their order.
func bodyHash(parts []Hash) Hash {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p[:])
	}
	return Hash(h.Sum(nil))
}

// link adds a record with its body to the chain. conn is in a transaction that
// writes.
func (l *Ledger) link(ctx context.Context, conn *sql.Conn, kind string, record any, body iter.Seq2[part, error]) (Head, error) {
	raw, err := json.Marshal(record)
	if err != nil {
		return Head{}, fmt.Errorf("write the record: %w", err)
	}
	h, err := readHead(ctx, conn)
	if err != nil {
		return h, err
	}
	h = Head{Links: h.Links + 1, Hash: linkHash(h.Hash, kind, raw)}
	if _, err := conn.ExecContext(ctx, "INSERT INTO links (seq, kind, record, hash) VALUES (?, ?, ?, ?)", h.Links, kind, string(raw), h.Hash[:]); err != nil {
		return h, fmt.Errorf("add a link: %w", err)
	}
	l.at("linked")
	for p, err := range body {
		if err != nil {
			return h, err
		}
		sum := sha256.Sum256(p.data)
		if _, err := conn.ExecContext(ctx, "INSERT INTO bodies (seq, part, data, hash) VALUES (?, ?, ?, ?)", h.Links, p.n, p.data, sum[:]); err != nil {
			return h, fmt.Errorf("add part %d of the body: %w", p.n, err)
		}
		l.at("part")
	}
	if _, err := conn.ExecContext(ctx, "UPDATE head SET seq = ?, hash = ? WHERE one = 1", h.Links, h.Hash[:]); err != nil {
		return h, fmt.Errorf("move the head: %w", err)
	}
	return h, nil
}

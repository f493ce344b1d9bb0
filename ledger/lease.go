package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Lease is the right to do something that only one process may do at a time. It
// ends when it is released, or by itself when it is not renewed in time: the
// process may have died.
type Lease struct {
	ledger *Ledger
	name   string
	token  string // nobody else knows it
	ttl    time.Duration
	// Mistaken is a lease that this one replaced because it ended further in the future
	// than any lease does: a clock was wrong when it was taken. It is nil mostly.
	Mistaken *HeldError
}

// longest is how long a lease may last. One that ends later than that from now was
// taken while the clock was wrong, and nobody renews it: whoever does gives it a new
// end within its own time.
const longest = 24 * time.Hour

// HeldError says that another process has the lease.
type HeldError struct {
	Name    string
	Holder  string    // as it gave itself: user, machine, process
	Since   time.Time // UTC
	Expires time.Time // UTC; when it ends unless it is renewed
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("%s has the lease %q since %s: wait until that is done; if it died, the lease ends at %s",
		e.Holder, e.Name, e.Since.Format(time.RFC3339), e.Expires.Format(time.RFC3339))
}

// ErrLeaseLost says that a lease ended before it was renewed, and that another
// process may have it now.
var ErrLeaseLost = errors.New("the lease ended before it was renewed; another process may work on the same now")

// Acquire takes the lease of a name for a time. holder says to others who has
// it. When another holds it, the error is a *HeldError.
func (l *Ledger) Acquire(ctx context.Context, name, holder string, ttl time.Duration) (*Lease, error) {
	if ttl <= 0 || ttl > longest {
		return nil, fmt.Errorf("take the lease %q: it must last longer than 0 and not longer than %s, and not %s", name, longest, ttl)
	}
	lease := &Lease{ledger: l, name: name, token: rand.Text(), ttl: ttl}
	err := l.writing(ctx, func(conn *sql.Conn) error {
		now := l.Now().UTC()
		held, err := readLease(ctx, conn, name)
		if err != nil {
			return err
		}
		switch {
		case held == nil || !now.Before(held.Expires):
		case held.Expires.Sub(now) > longest:
			lease.Mistaken = held
		default:
			return held
		}
		_, err = conn.ExecContext(ctx, `INSERT OR REPLACE INTO leases (name, holder, token, since, expires) VALUES (?, ?, ?, ?, ?)`,
			name, holder, lease.token, leaseTime(now), leaseTime(now.Add(ttl)))
		return err
	})
	if err != nil {
		return nil, err
	}
	return lease, nil
}

// readLease returns who has a lease, or had it until it ended; nil for nobody.
func readLease(ctx context.Context, q queryer, name string) (*HeldError, error) {
	held := &HeldError{Name: name}
	var since, expires string
	err := q.QueryRowContext(ctx, "SELECT holder, since, expires FROM leases WHERE name = ?", name).Scan(&held.Holder, &since, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		held.Since, err = time.Parse(time.RFC3339Nano, since)
	}
	if err == nil {
		held.Expires, err = time.Parse(time.RFC3339Nano, expires)
	}
	if err != nil {
		return nil, fmt.Errorf("read the lease %q: %w", name, err)
	}
	return held, nil
}

// nobodyChanges returns a *HeldError when anybody has a lease.
func nobodyChanges(ctx context.Context, conn *sql.Conn, now time.Time) error {
	var name string
	err := conn.QueryRowContext(ctx, "SELECT name FROM leases WHERE expires > ? AND expires <= ? ORDER BY name LIMIT 1",
		leaseTime(now), leaseTime(now.Add(longest))).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the leases: %w", err)
	}
	held, err := readLease(ctx, conn, name)
	if err != nil || held == nil {
		return err
	}
	return held
}

// leaseTime writes a time in UTC so that texts compare as the times do.
func leaseTime(t time.Time) string { return t.Format("2006-01-02T15:04:05.000000000Z") }

// Renew keeps the lease for another of its times from now. ErrLeaseLost when it
// ended already.
func (l *Lease) Renew(ctx context.Context) error {
	now := l.ledger.Now().UTC()
	return l.change(ctx, "UPDATE leases SET expires = ? WHERE name = ? AND token = ? AND expires > ?",
		leaseTime(now.Add(l.ttl)), l.name, l.token, leaseTime(now))
}

// Release ends the lease. Releasing a lease that another process has by now is
// ErrLeaseLost and does not take it away from that.
func (l *Lease) Release(ctx context.Context) error {
	return l.change(ctx, "DELETE FROM leases WHERE name = ? AND token = ?", l.name, l.token)
}

func (l *Lease) change(ctx context.Context, query string, args ...any) error {
	return l.ledger.writing(ctx, func(conn *sql.Conn) error {
		r, err := conn.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, fmt.Errorf("%q: %w", l.name, ErrLeaseLost))
		}
		return nil
	})
}

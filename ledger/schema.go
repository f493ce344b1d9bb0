package ledger

// formVersion is the version of the tables, in SQLite's user_version. It grows
// when a reader of the previous version could misread the new form.
const formVersion = 1

// applicationID marks the file as a ledger, in SQLite's application_id ("kpld").
const applicationID = 0x6b706c64

// schema makes an empty ledger.
//
// Each row of links is one record: a run, a line of the journal of changes, or
// what was pruned. The record is JSON, stored and hashed as it stands, so that
// anybody can check the chain with a SHA-256 tool: the hash of a link is the
// SHA-256 of the previous link's hash (32 bytes, zeros before the first), the
// kind, a zero byte, and the record.
//
// Bodies are what is long and may be removed by retention: the results of a run,
// the details of a line. Each part has its own hash, and the record holds the
// hash of those hashes, which stays when the parts are gone.
//
// Leases are no record but say who works now, and are not in the chain: what a run
// did, and who began it, is in its lines. Whoever alters a lease can make runs wait
// for each other or not, and no line say otherwise.
//
// head has one row, the last link; without it, links could be cut off the end.
const schema = `
CREATE TABLE links (
	seq    INTEGER PRIMARY KEY,
	kind   TEXT NOT NULL,
	record TEXT NOT NULL,
	hash   BLOB NOT NULL
) STRICT;
CREATE TABLE bodies (
	seq  INTEGER NOT NULL REFERENCES links,
	part INTEGER NOT NULL,
	data BLOB NOT NULL,
	hash BLOB NOT NULL,
	PRIMARY KEY (seq, part)
) STRICT;
CREATE TABLE head (
	one  INTEGER PRIMARY KEY CHECK (one = 1),
	seq  INTEGER NOT NULL,
	hash BLOB NOT NULL
) STRICT;
CREATE TABLE leases (
	name    TEXT PRIMARY KEY,
	holder  TEXT NOT NULL,
	token   TEXT NOT NULL,
	since   TEXT NOT NULL,
	expires TEXT NOT NULL
) STRICT;
CREATE INDEX links_kind ON links (kind, seq);
CREATE UNIQUE INDEX runs_id ON links (record ->> 'id') WHERE kind = 'run';
CREATE INDEX changes_run ON links (record ->> 'run', seq) WHERE kind = 'change';
CREATE INDEX changes_change ON links (record ->> 'change', seq) WHERE kind = 'change';
CREATE TRIGGER links_stay BEFORE UPDATE ON links BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER links_kept BEFORE DELETE ON links BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER bodies_stay BEFORE UPDATE ON bodies BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
INSERT INTO head VALUES (1, 0, zeroblob(32));
PRAGMA application_id = 1802529892;
PRAGMA user_version = 1;`

// The kinds of links.
const (
	kindRun    = "run"
	kindChange = "change"
	kindPrune  = "prune"
)

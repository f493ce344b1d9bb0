package ledger

import "fmt"

// BrokenError names what is not as it was recorded.
type BrokenError struct {
	Table string // or "snapshots", the folder
	Row   string // its key; the name of the file of a snapshot
	What  string // what differs
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("the ledger is not as it was recorded: %s, row %s: %s", e.Table, e.Row, e.What)
}

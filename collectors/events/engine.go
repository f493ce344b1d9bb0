package events

// Engine is what an engine did for a summary that rests on its answer. The
// records were counted by it: there are no files in the summary.
type Engine struct {
	Query   string `json:"query_id"`
	Scanned int64  `json:"scanned_bytes"` // what it bills
}

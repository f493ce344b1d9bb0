package reports

import (
	"bytes"
	_ "embed"
)

//go:embed schema/report.schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of the json format. It
// describes every member that is written and allows no other.
func Schema() []byte { return bytes.Clone(schema) }

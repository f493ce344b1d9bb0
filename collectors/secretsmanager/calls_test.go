package secretsmanager

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/collectors/testaccount"
)

// witness stands for the collector of functions.
type witness struct{ calledAs []string }

func (*witness) Name() string          { return "lambda" }
func (*witness) Permissions() []string { return nil }
func (w *witness) Collect(_ context.Context, cell *collectors.Cell) error {
	w.calledAs = cell.CalledAs("arn:aws:lambda:us-east-1:111122223333:function:turn")
	return nil
}

// TestCalls: who reads the function learns by which version or alias secrets name
// it. A rotation that is off calls nothing.
func TestCalls(t *testing.T) {
	const function = "arn:aws:lambda:us-east-1:111122223333:function:turn"
	w, later := testaccount.Serve(t, `us-east-1:
  secrets:
    - {name: a, created: 200d, rotation: {function: "`+function+`:live", days: 7, last: 2d, next: in 5d}}
    - {name: b, created: 200d, rotation: {function: turn, days: 7, last: 2d, next: in 5d}}
    - {name: c, created: 200d, rotation: {off: true, function: "`+function+`:3", days: 7, last: 2d, next: in 5d}}
`), &witness{}
	c := New(w.Config(testaccount.Here, testaccount.Virginia))
	w.Scan(collectors.CellID{}, []collectors.Collector{c}, []collectors.Collector{later})
	assert.Equal(t, []string{function, function + ":live"}, later.calledAs)
}

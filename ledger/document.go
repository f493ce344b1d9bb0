package ledger

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"github.com/keyproof/keyproof/model"
)

// bodyForm is the version of the body of a run. It grows when a reader of the
// previous version could misread the new form; old ones are read for ever.
const bodyForm = 1

// The parts of the body of a run.
const (
	partDocument = 0
	partFailures = 1
	partResults  = 2 // the first block of results; the others follow
)

// document is a report without its results, in the model's own JSON, so that what
// the model learns is stored as well.
type document struct {
	Report  *model.Report `json:"report"`
	Results int           `json:"results"` // how many there are
}

func encodeDocument(r *model.Report, results int) ([]byte, error) {
	raw, err := json.Marshal(document{r, results})
	if err != nil {
		return nil, fmt.Errorf("store the report: %w", err)
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	return z.EncodeAll(raw, nil), nil
}

func decodeDocument(raw []byte) (*document, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlock))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	text, err := z.DecodeAll(raw, nil)
	if err != nil {
		return nil, err
	}
	d := &document{Report: new(model.Report)}
	if err := json.Unmarshal(text, d); err != nil {
		return nil, err
	}
	if d.Report == nil {
		return nil, errors.New("it holds no report")
	}
	for i := range d.Report.Rules {
		restoreParams(&d.Report.Rules[i])
	}
	return d, nil
}

// restoreParams gives the values of parameters the types that they had: JSON
// knows one kind of number, and 1000000 must not be printed as 1e+06.
func restoreParams(r *model.Rule) {
	for name, p := range r.Params {
		p.Value, p.Default = restore(p.Type, p.Value), restore(p.Type, p.Default)
		r.Params[name] = p
	}
	for _, o := range r.Overrides {
		for name, v := range o.Set {
			o.Set[name] = restore(r.Params[name].Type, v)
		}
	}
}

// restore returns a value of a parameter as evaluator makes them; see
// model.Param for the types.
func restore(typ string, v any) any {
	switch v := v.(type) {
	case float64:
		if typ == "integer" {
			return int(v)
		}
	case []any:
		texts := make([]string, 0, len(v))
		for _, e := range v {
			if text, ok := e.(string); ok {
				texts = append(texts, text)
			}
		}
		if typ == "strings" && len(texts) == len(v) {
			return texts
		}
	}
	return v
}

package evaluator

import (
	"bytes"
	"encoding/json"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// number stands for a value: equal values have equal numbers, so that what a
// rule can see of a resource is a short list of numbers.
type number uint32

const (
	numberUnknown number = iota
	numberAbsent
	firstNumber
)

// values numbers the values that were seen, and keeps each as OPA wants it.
// It is used by one goroutine.
type values struct {
	numbers map[string]number // by JSON
	list    []ast.Value       // by number - firstNumber
}

func newValues() *values { return &values{numbers: map[string]number{}} }

func (v *values) number(raw []byte) (number, error) {
	if n, ok := v.numbers[string(raw)]; ok {
		return n, nil
	}
	value, err := ast.ValueFromReader(bytes.NewReader(raw))
	if err != nil {
		return numberUnknown, err
	}
	n := number(len(v.list)) + firstNumber
	v.numbers[string(raw)] = n
	v.list = append(v.list, value)
	return n, nil
}

func (v *values) of(x any) (number, error) {
	raw, err := json.Marshal(x)
	if err != nil {
		return numberUnknown, err
	}
	return v.number(raw)
}

func (v *values) value(n number) ast.Value { return v.list[n-firstNumber] }

// view is what rules can see of one resource: a number for each path of the
// layout, and the reasons of the unknown ones.
type view struct {
	numbers []number
	why     map[int]model.Unknown // by place; nil when all is known
}

func (v *view) unknown(place int, why model.Unknown) {
	v.numbers[place] = numberUnknown
	if v.why == nil {
		v.why = map[int]model.Unknown{}
	}
	v.why[place] = why
}

// fill numbers those attributes of a resource that have a place.
func (v *view) fill(vs *values, r *model.Resource, places map[string]int) error {
	for name, a := range r.Attributes() {
		place, ok := places[name]
		if !ok {
			continue
		}
		switch a.State() {
		case model.StateAbsent:
			v.numbers[place] = numberAbsent
		case model.StateUnknown:
			v.unknown(place, a.Why())
		default:
			raw, err := a.MarshalJSON()
			if err != nil {
				return err
			}
			if v.numbers[place], err = vs.number(raw); err != nil {
				return err
			}
		}
	}
	return nil
}

// identity numbers what every resource has.
func (v *view) identity(vs *values, id model.ResourceID, places map[string]int) (err error) {
	for _, name := range identity {
		place, ok := places[name]
		if !ok {
			continue
		}
		value := map[string]string{"id": id.ID, "account": id.Account, "region": id.Region, "kind": string(id.Kind)}[name]
		if v.numbers[place], err = vs.of(value); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/keyproof/keyproof/model"
)

// maxDifferences bounds what a comparison lists; all are counted.
const maxDifferences = 100

// difference is where a report says something else than follows from its data.
type difference struct {
	Where   string `json:"where"` // a rule and its resource, or a member of the report
	Stated  string `json:"stated"`
	Follows string `json:"follows"`
}

// comparison is the result of comparing two reports of the json format, results
// one by one as they flow.
type comparison struct {
	Results     int          `json:"results"` // that were compared
	Differences []difference `json:"differences"`
	More        int          `json:"more_differences"`
}

func (c *comparison) add(where, stated, follows string) {
	if len(c.Differences) == maxDifferences {
		c.More++
		return
	}
	c.Differences = append(c.Differences, difference{where, stated, follows})
}

// compareReports compares what a report states with what follows from the data.
// Both have the same members in the same order, for one format wrote both.
func compareReports(stated, follows io.Reader) (*comparison, error) {
	c := &comparison{Differences: []difference{}}
	a, b := json.NewDecoder(stated), json.NewDecoder(follows)
	for _, d := range []*json.Decoder{a, b} {
		if err := delimiter(d, '{'); err != nil {
			return nil, err
		}
	}
	for b.More() {
		member, err := name(b)
		if err != nil {
			return nil, err
		}
		if !a.More() {
			c.add(member, "nothing", "the member")
			return c, nil
		}
		have, err := name(a)
		if err != nil {
			return nil, err
		}
		if have != member {
			c.add(member, "the member "+have+" in its place", "the member")
			return c, nil
		}
		if member == "results" {
			err = c.results(a, b)
		} else {
			err = c.member(member, a, b)
		}
		if err != nil {
			return nil, err
		}
	}
	if a.More() {
		c.add("the report", "more members", "no more")
		return c, nil
	}
	if err := delimiter(a, '}'); err != nil {
		return nil, err
	}
	if _, err := a.Token(); !errors.Is(err, io.EOF) {
		c.add("the report", "something after its end", "nothing")
	}
	return c, nil
}

func (c *comparison) member(member string, a, b *json.Decoder) error {
	var stated, follows json.RawMessage
	if err := errors.Join(a.Decode(&stated), b.Decode(&follows)); err != nil {
		return err
	}
	if !sameJSON(stated, follows) {
		c.add(member, "something else", "another "+member)
	}
	return nil
}

func (c *comparison) results(a, b *json.Decoder) error {
	if err := errors.Join(delimiter(a, '['), delimiter(b, '[')); err != nil {
		return err
	}
	for a.More() && b.More() {
		var stated, follows json.RawMessage
		if err := errors.Join(a.Decode(&stated), b.Decode(&follows)); err != nil {
			return err
		}
		c.Results++
		if bytes.Equal(stated, follows) {
			continue
		}
		var x, y model.Result
		if err := errors.Join(json.Unmarshal(stated, &x), json.Unmarshal(follows, &y)); err != nil {
			return err
		}
		if reflect.DeepEqual(x, y) {
			// What the model does not know was written beside what follows.
			if !sameJSON(stated, follows) {
				c.add(fmt.Sprintf("%s on %s", y.Rule, y.Resource), string(stated), string(follows))
			}
			continue
		}
		c.add(fmt.Sprintf("%s on %s", y.Rule, y.Resource), said(&x, &y), said(&y, &x))
	}
	for _, d := range []*json.Decoder{a, b} {
		for d.More() {
			var r model.Result
			if err := d.Decode(&r); err != nil {
				return err
			}
			texts := [2]string{"no such result", "the result " + string(r.Status)}
			if d == a {
				texts[0], texts[1] = texts[1], texts[0]
			}
			c.add(fmt.Sprintf("%s on %s", r.Rule, r.Resource), texts[0], texts[1])
		}
	}
	return errors.Join(delimiter(a, ']'), delimiter(b, ']'))
}

// sameJSON compares what texts say, whatever their spaces.
func sameJSON(a, b json.RawMessage) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

// said is what tells a result from another one at the same place.
func said(r, other *model.Result) string {
	switch {
	case r.Rule != other.Rule || r.Resource != other.Resource:
		return fmt.Sprintf("%s of %s on %s", r.Status, r.Rule, r.Resource)
	case r.Status != other.Status:
		return string(r.Status)
	default:
		raw, err := json.Marshal(r)
		if err != nil {
			return string(r.Status)
		}
		return string(raw)
	}
}

func delimiter(d *json.Decoder, want json.Delim) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t != want {
		return fmt.Errorf("%v instead of %v", t, want)
	}
	return nil
}

func name(d *json.Decoder) (string, error) {
	t, err := d.Token()
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", fmt.Errorf("%v instead of a name", t)
	}
	return s, nil
}

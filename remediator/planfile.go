package remediator

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// PlanVersion is the version of the written form of plans.
const PlanVersion = 1

// maxPlan is far above a plan of a hundred thousand changes, in bytes.
const maxPlan = 1 << 30

// hash is of all of a plan but the hash.
func (p *Plan) hash() string {
	bare := *p
	bare.Hash = ""
	sum := sha256.Sum256([]byte(written(bare)))
	return hex.EncodeToString(sum[:])
}

// WritePlan writes a plan as JSON.
func WritePlan(w io.Writer, p *Plan) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(p)
}

// ReadPlan reads a plan. One that was edited is refused: what was reviewed is what
// is applied. Some of its changes are chosen when it is applied.
func ReadPlan(r io.Reader) (*Plan, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxPlan+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxPlan {
		return nil, fmt.Errorf("it is larger than %d MiB", maxPlan>>20)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	var p Plan
	if err := dec.Decode(&p); err != nil {
		// A later version has members that this one does not know.
		var other struct {
			Version int `json:"version"`
		}
		if json.Unmarshal(raw, &other) == nil && other.Version > PlanVersion {
			return nil, anotherVersion(other.Version)
		}
		return nil, fmt.Errorf("line %d: %w", lineAt(raw, dec, err), plain(err))
	}
	if dec.More() {
		return nil, fmt.Errorf("line %d: something follows the plan", lineOf(raw, dec.InputOffset()))
	}
	switch {
	case p.Version != PlanVersion:
		return nil, anotherVersion(p.Version)
	case p.Hash != p.hash():
		return nil, errors.New("it was edited after it was made (its sha256 does not match): plan again, or apply some of its changes with --change ID")
	}
	seen := map[model.ChangeID]bool{}
	for i, c := range p.Changes {
		if c == nil || c.ID != changeID(c) {
			return nil, fmt.Errorf("change %d has another id than its content gives: plan again", i+1)
		}
		if seen[c.ID] { // the journal knows a change of a run by its id
			return nil, fmt.Errorf("change %s is in it twice: plan again", c.ID)
		}
		seen[c.ID] = true
	}
	return &p, nil
}

func anotherVersion(version int) error {
	return fmt.Errorf("it is a plan of version %d, and this keyproof reads version %d: plan again", version, PlanVersion)
}

// plain is an error of the decoder in the words of a user.
func plain(err error) error {
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends in the middle: it was not written to the end")
	case errors.As(err, &kind):
		return fmt.Errorf("%s cannot be a %s", kind.Field, kind.Value)
	}
	return fmt.Errorf("it is no plan of keyproof: %s", strings.TrimPrefix(err.Error(), "json: "))
}

// lineAt is the line of an error. Of a member that does not exist the decoder does
// not say where it is.
func lineAt(raw []byte, dec *json.Decoder, err error) int {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return lineOf(raw, syntax.Offset)
	case errors.As(err, &kind):
		return lineOf(raw, kind.Offset)
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		if at := regexp.MustCompile(regexp.QuoteMeta(name) + `\s*:`).FindIndex(raw); at != nil {
			return lineOf(raw, int64(at[0]))
		}
	}
	return lineOf(raw, dec.InputOffset())
}

func lineOf(raw []byte, offset int64) int {
	return 1 + bytes.Count(raw[:min(int(offset), len(raw))], []byte("\n"))
}

// Package terraform reads what `terraform show -json` (or `tofu show -json`)
// says of a plan or a state: the resources as they are and as they will be.
//
// Its promise: what the file does not say is unknown with its reason, never
// absent. A value that the provider will choose is known only where AWS documents
// what is chosen. Values that the file marks as sensitive are not kept; the value
// of a plain parameter and of an environment variable goes into the
// classification and no further.
//
// Adding a resource type: one function, one line in readers.
package terraform

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// Options say how to read a file.
type Options struct {
	Name    string    // of the file, for messages and origins
	TakenAt time.Time // the time of the snapshots; ages are relative to it
	Tool    string    // version of keyproof
	// Detector classifies plain values. Nil: what they hold stays unknown.
	Detector Classifier
	// Trusted are accounts that policies may let in.
	Trusted []string
	// Source has the HCL files of the root module; nil when they are not at hand.
	// Dir is what goes before their names in origins, such as "infra"; empty
	// where they are named as they are.
	Source fs.FS
	Dir    string
	// WithoutExpiry accepts waivers in comments that name no date of expiry.
	WithoutExpiry bool
}

// Classifier says which kinds of credential a plain value holds.
type Classifier interface {
	Classify(name, value string) []model.Credential
}

// Read reads a plan or a state.
func Read(ctx context.Context, r io.Reader, o Options) (*collectors.Proposal, error) {
	if o.Name == "" {
		o.Name = "plan.json"
	}
	raw, err := load(ctx, r)
	if err == nil {
		err = checkForm(raw)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", o.Name, err)
	}
	f, err := parse(raw)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", o.Name, err)
	}
	src, err := readSources(o, f)
	if err != nil {
		return nil, err
	}
	p := &collectors.Proposal{Moved: map[model.ResourceID]model.ResourceID{}, Notes: f.notes}
	if p.After, err = snapshot(ctx, f, f.after, src, o, p); err != nil {
		return nil, err
	}
	if f.before != nil {
		if p.Before, err = snapshot(ctx, f, f.before, src, o, nil); err != nil {
			return nil, err
		}
	}
	p.Waivers = src.waivers(f.after)
	moves(f, p)
	return p, nil
}

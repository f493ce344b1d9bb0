// Package config reads keyproof.yaml: what to scan, what to judge by, which
// failures are accepted.
//
// Its promise: what the file says is what happens. A key that does not exist, a
// key that is there twice, a value of the wrong type and a date that makes no
// sense are errors with file and line, never ignored. What weakens a judgement
// (a threshold, a rule that is off, a waiver) is refused without its reason.
package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/keyproof/keyproof/model"
)

// Name is what the file is called where nobody names another.
const Name = "keyproof.yaml"

// maxSize is far above any file that people write, in bytes.
const maxSize = 4 << 20

// Config is a file that was read. The zero Config says nothing.
type Config struct {
	Path       string // empty when there is none
	Scope      Scope
	Frameworks []Choice // empty: all
	RuleDirs   []string // relative ones start at the file
	Off        map[model.RuleID]model.Off
	Overrides  map[model.RuleID][]model.Override
	FailOn     model.Severity // empty when it does not say
	Gate       Gate
	// WithoutExpiry accepts waivers that have no date of expiry.
	WithoutExpiry bool
	Waivers       []model.Waiver
	Remediation   []Repair
}

// Repair is settings of a repair for some resources.
type Repair struct {
	Action string
	Where  model.Where
	Set    map[string]string
	Origin model.Origin
}

// Gate is what counts against a proposed change.
type Gate struct {
	FailOn      string         // introduced, any, or empty when it does not say
	MinSeverity model.Severity // empty when it does not say
	Frameworks  []Choice       // empty: all
	// Unknown is by reason; one that is not there has the default.
	Unknown map[model.Reason]model.UnknownPolicy
}

// Scope is what to scan and as whom, in the words of the flags.
type Scope struct {
	Profiles        []string
	AssumeRoles     []string
	ExternalID      string
	Regions         []string
	TrustedAccounts []string
}

// Choice is a name with the line that has it.
type Choice struct {
	Name   string
	Origin model.Origin
}

// Find looks for the file in a directory and in those above, up to the top of
// the repository (the one with .git) or of the file system. It returns "" when
// there is none.
func Find(dir string) (string, error) {
	top, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("look for %s: %w", Name, err)
	}
	for {
		path := filepath.Join(top, Name)
		if _, err := os.Stat(path); err == nil {
			return short(dir, path), nil
		} else if !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("look for %s: %w; name the file with --config, or use --config none", Name, err)
		}
		if _, err := os.Stat(filepath.Join(top, ".git")); err == nil {
			return "", nil
		}
		above := filepath.Dir(top)
		if above == top {
			return "", nil
		}
		top = above
	}
}

// short is a path as seen from the directory where somebody stands.
func short(dir, path string) string {
	here, err := filepath.Abs(dir)
	if err == nil {
		if rel, err := filepath.Rel(here, path); err == nil {
			return rel
		}
	}
	return path
}

// Load reads a file and the files of waivers that it names.
func Load(path string) (*Config, error) {
	raw, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w; name the file with --config, or use --config none", err)
	}
	r := &reader{file: path}
	doc := parse[document](r, raw)
	c := r.config(doc)
	c.Path = path
	dir := filepath.Dir(path)
	for i, d := range c.RuleDirs {
		if !filepath.IsAbs(d) {
			c.RuleDirs[i] = filepath.Join(dir, d)
		}
	}
	for _, f := range doc.WaiverFiles {
		if err := r.waiverFile(c, dir, string(f), doc); err != nil {
			return nil, err
		}
	}
	return c, r.err()
}

func (r *reader) waiverFile(c *Config, dir, name string, doc *document) error {
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	raw, err := readFile(name)
	if err != nil {
		return fmt.Errorf("%s: waiver_files: %w", r.file, err)
	}
	other := &reader{file: name}
	c.Waivers = append(c.Waivers, other.waivers(parse[waiverDocument](other, raw).Waivers, bool(doc.WithoutExpiry))...)
	r.errs = append(r.errs, other.errs...)
	return nil
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err == nil && len(raw) > maxSize {
		err = fmt.Errorf("%s is larger than %d MiB", path, maxSize>>20)
	}
	return raw, err
}

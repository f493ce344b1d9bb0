package evaluator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keyproof/keyproof/model"
)

// custom is the part of METADATA that is ours. Unknown members are errors.
type custom struct {
	ID       model.RuleID   `json:"id"`
	Kind     model.Kind     `json:"kind"`
	Severity model.Severity `json:"severity"`
	// Topics are the kinds of rule, as controls/ names them, that it is one of.
	Topics   []string            `json:"topics"`
	Controls map[string][]string `json:"controls"`
	// Needs is what a rule needs beside the resources: "events" or nothing.
	Needs       string               `json:"needs"`
	MITRE       []string             `json:"mitre"`
	Events      []string             `json:"events"`
	Window      *model.Window        `json:"window"`
	Params      map[string]paramMeta `json:"params"`
	Remediation model.Remediation    `json:"remediation"`
}

type paramMeta struct {
	Type    string `json:"type"`
	Unit    string `json:"unit"`
	Default any    `json:"default"`
	Why     string `json:"why"`
}

// readMetadata reads the annotation of scope package of a rule's file.
func readMetadata(file string, m *ast.Module) (*model.Rule, error) {
	var found *ast.Annotations
	for _, a := range m.Annotations {
		if a.Scope == "package" {
			found = a
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%s: no METADATA comment of `scope: package` before the package line", at(file, m.Package.Location))
	}
	where := at(file, found.Location)
	raw, err := json.Marshal(found.Custom)
	if err != nil {
		return nil, fmt.Errorf("%s: read METADATA: %w", where, err)
	}
	var c custom
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return nil, fmt.Errorf("%s: METADATA custom: %w", where, err)
	}
	r := &model.Rule{
		ID: c.ID, Title: found.Title, Description: strings.TrimSpace(found.Description), Kind: c.Kind,
		Severity: c.Severity, Needs: c.Needs, MITRE: c.MITRE, Events: c.Events, Window: c.Window, Topics: c.Topics, Controls: c.Controls, Remediation: c.Remediation, Package: packagePath(m),
	}
	if err := complete(r); err != nil {
		return nil, fmt.Errorf("%s: METADATA: %w", where, err)
	}
	for _, name := range sortedKeys(c.Params) {
		p := c.Params[name]
		value, err := paramValue(p.Type, p.Default)
		if err == nil && p.Why == "" {
			err = errors.New("say in `why` what justifies the default")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: METADATA params.%s: %w", where, name, err)
		}
		if r.Params == nil {
			r.Params = map[string]model.Param{}
		}
		r.Params[name] = model.Param{Type: p.Type, Unit: p.Unit, Value: value, Default: value, Why: p.Why}
	}
	if err := checkEvents(r); err != nil {
		return nil, fmt.Errorf("%s: METADATA: %w", where, err)
	}
	return r, nil
}

func complete(r *model.Rule) error {
	_, err := model.ParseSeverity(string(r.Severity))
	switch {
	case r.ID == "":
		return errors.New("custom.id is missing")
	case !ruleID.MatchString(string(r.ID)):
		return fmt.Errorf("custom.id %q: write letters, digits, dots, dashes and underscores, such as OWN-001", r.ID)
	case r.Title == "":
		return errors.New("title is missing")
	case model.NewBody(r.Kind) == nil:
		return fmt.Errorf("custom.kind %q does not exist: use one of %v", r.Kind, model.RuleKinds())
	case err != nil:
		return fmt.Errorf("custom.severity: %w", err)
	case r.Needs != "" && r.Needs != model.NeedsEvents:
		return fmt.Errorf("custom.needs %q does not exist: a rule needs events, or leaves it out", r.Needs)
	case slices.ContainsFunc(r.MITRE, func(id string) bool { return !technique.MatchString(id) }):
		return fmt.Errorf("custom.mitre %v: write ids of ATT&CK techniques such as T1485 or T1562.008", r.MITRE)
	case r.Remediation.Text == "":
		return errors.New("custom.remediation.text is missing: say how to mend it")
	}
	return nil
}

// ruleID is what an id may be: it is typed in a shell, and stands in paths, tables
// and the identifiers of reports.
var ruleID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// technique is the id of a technique of MITRE ATT&CK, or of a part of one.
var technique = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)

package reports

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Kind         string             `json:"kind"`
	Level        string             `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions"` // for all results or for none, by the standard
	Baseline     string             `json:"baselineState,omitempty"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact struct {
		URI string `json:"uri"`
	} `json:"artifactLocation"`
	Region *sarifRegion `json:"region,omitempty"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	Name     string `json:"name"`
	FullName string `json:"fullyQualifiedName"`
	Kind     string `json:"kind"`
}

type sarifSuppression struct {
	Kind          string         `json:"kind"`
	Status        string         `json:"status"`
	Justification string         `json:"justification"`
	Location      *sarifLocation `json:"location,omitempty"`
}

// sarifResultOf is a result of the rule at a place in the list of rules.
func sarifResultOf(rule *model.Rule, index int, res *model.Result) *sarifResult {
	out := &sarifResult{
		RuleID: Clean(string(rule.ID)), RuleIndex: index, Kind: "fail", Level: sarifLevel(rule.Severity),
		Fingerprints: fingerprints(res), Suppressions: []sarifSuppression{}, Baseline: baselineOf(res.Delta),
	}
	id := or(Clean(res.Resource.ID), addressOf(res))
	if o := res.Origin; o != nil && o.Address != "" {
		id = Clean(o.Address)
	}
	here := sarifLocation{Physical: physicalOf(res.Origin)}
	here.Logical = []sarifLogical{{nameOf(res), id, Clean(or(string(res.Resource.Kind), "resource"))}}
	out.Locations = []sarifLocation{here}
	why := strings.Join(rowOf(res, annotationText).why, "; ")
	switch partOf(res) {
	case partUnknown:
		out.Kind, out.Level = "open", "none"
		why = "unknown, neither pass nor fail: " + whyUnknown(res)
	case partWaived:
		why += " (waived)"
		out.Suppressions = []sarifSuppression{suppressionOf(res)}
	}
	out.Message.Text = clip(addressOf(res), annotationText) + ": " + why
	return out
}

// baselineOf is a delta in the words of the standard.
func baselineOf(d model.Delta) string {
	switch d {
	case model.DeltaIntroduced:
		return "new"
	case model.DeltaExisting:
		return "unchanged"
	default:
		return ""
	}
}

// suppressionOf is a waiver: in the source if it stands in the resource's file.
func suppressionOf(res *model.Result) sarifSuppression {
	out := sarifSuppression{Kind: "external", Status: "accepted", Justification: Clean(waivedBy(res.Waiver))}
	if w := res.Waiver; w != nil && w.Origin.File != "" {
		out.Location = &sarifLocation{Physical: physicalOf(&w.Origin)}
		if res.Origin != nil && res.Origin.File == w.Origin.File {
			out.Kind = "inSource"
		}
	}
	return out
}

// physicalOf is the place in a file, or nil where there is none, as in an account.
func physicalOf(o *model.Origin) *sarifPhysical {
	if o == nil || o.File == "" {
		return nil
	}
	var p sarifPhysical
	p.Artifact.URI = fileURI(o.File)
	if o.Line > 0 {
		p.Region = &sarifRegion{o.Line}
	}
	return &p
}

// fileURI is a path as a reference: a relative one stays relative, which GitHub
// takes as relative to the root of the repository.
func fileURI(path string) string {
	u := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		u.Scheme = "file"
	}
	return u.String()
}

var digits = regexp.MustCompile(`[0-9]+`)

// fingerprints tell the same result in two runs: rule, resource, file and what the
// findings are about, and neither the line nor the numbers of a message, which
// change without the result being another one. GitHub looks at
// primaryLocationLineHash alone.
func fingerprints(res *model.Result) map[string]string {
	resource := res.Resource.ID
	if o := res.Origin; o != nil && o.Address != "" {
		resource = o.Address
	}
	parts := []string{string(res.Rule), string(res.Resource.Kind), res.Resource.Account, res.Resource.Region, resource, ""}
	if o := res.Origin; o != nil {
		parts[len(parts)-1] = o.File // templates may use the same names
	}
	var about []string
	for _, f := range res.Findings {
		about = append(about, or(f.Attribute, digits.ReplaceAllString(f.Message, "0")))
	}
	slices.Sort(about)
	parts = append(parts, slices.Compact(about)...)
	h := sha256.New()
	for _, part := range parts {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	sum := hex.EncodeToString(h.Sum(nil)[:16])
	return map[string]string{"keyproof/v1": sum, "primaryLocationLineHash": sum + ":1"}
}

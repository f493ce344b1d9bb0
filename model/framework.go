package model

// Framework is a standard with its controls.
type Framework struct {
	ID       string    `json:"id" yaml:"id"`           // hipaa, soc2, pci_dss
	Title    string    `json:"title" yaml:"title"`     // "PCI DSS"
	Version  string    `json:"version" yaml:"version"` // of the standard
	Source   string    `json:"-" yaml:"source"`        // who publishes it
	Controls []Control `json:"controls" yaml:"controls"`
	// Outside are controls that others map to rules like these and that are
	// outside this subject.
	Outside []Outside `json:"-" yaml:"outside"`
}

// Control is one clause of a framework.
type Control struct {
	ID       string   `json:"id" yaml:"id"`
	Title    string   `json:"title" yaml:"title"` // a short factual name, not the text of the standard
	Coverage Coverage `json:"coverage" yaml:"coverage"`
	// Assessor is what an assessor must see beside the results; empty for a
	// control that rules judge alone.
	Assessor string    `json:"assessor,omitempty" yaml:"assessor"`
	Mappings []Mapping `json:"-" yaml:"mappings"`
}

// Coverage says how far rules answer for a control, as far as it concerns
// secrets, keys and the record of their use on AWS.
type Coverage string

// The coverages.
const (
	CoverageAutomated Coverage = "automated" // rules judge all of it
	CoveragePartial   Coverage = "partial"   // an assessor must see more
	CoverageManual    Coverage = "manual"    // only an assessor can tell
)

// Coverages lists all coverages, widest first.
func Coverages() []Coverage { return []Coverage{CoverageAutomated, CoveragePartial, CoverageManual} }

// Mapping is who says that rules of a topic are evidence for a control.
type Mapping struct {
	Topic   string   `yaml:"topic"`
	Tier    string   `yaml:"tier"`
	Sources []string `yaml:"sources"` // where it is published; empty for TierOurs
	Why     string   `yaml:"why"`     // for TierOurs
}

// TierOurs is the tier of a mapping that nobody but keyproof makes.
const TierOurs = "ours"

// Tiers lists the tiers, best first: written by AWS, by two community sources,
// by one, by nobody but us.
func Tiers() []string { return []string{"A", "B", "C", TierOurs} }

// Outside is a control that is outside the subject, with the reason.
type Outside struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	Why   string `yaml:"why"`
}

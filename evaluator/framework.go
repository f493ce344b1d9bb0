package evaluator

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/keyproof/keyproof/model"
)

// readFramework reads one file of controls/. What is said of it names it as file.
func (s *ruleSet) readFramework(file, text string) error {
	var f model.Framework
	dec := yaml.NewDecoder(strings.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil {
		return fmt.Errorf("read controls: %s: %w", file, err)
	}
	if f.ID == "" || f.Title == "" || len(f.Controls) == 0 {
		return fmt.Errorf("read controls: %s: id, title and controls are needed", file)
	}
	for _, have := range s.frameworks {
		if have.ID == f.ID {
			return fmt.Errorf("read controls: %s: framework %s is defined already", file, f.ID)
		}
	}
	seen := map[string]bool{}
	for _, c := range f.Controls {
		if err := checkControl(c, seen); err != nil {
			return fmt.Errorf("read controls: %s: control %q: %w", file, c.ID, err)
		}
	}
	for _, c := range f.Outside {
		if c.ID == "" || c.Title == "" || c.Why == "" || seen[c.ID] {
			return fmt.Errorf("read controls: %s: outside: %q needs id, title and why, and is no control of the list above", file, c.ID)
		}
	}
	s.frameworks = append(s.frameworks, f)
	return nil
}

func checkControl(c model.Control, seen map[string]bool) error {
	switch {
	case c.ID == "" || c.Title == "":
		return fmt.Errorf("id and title are needed")
	case seen[c.ID]:
		return fmt.Errorf("it is listed twice")
	case !slices.Contains(model.Coverages(), c.Coverage):
		return fmt.Errorf("coverage %q: use automated, partial or manual", c.Coverage)
	case c.Coverage != model.CoverageAutomated && c.Assessor == "":
		return fmt.Errorf("say in `assessor` what an assessor must see, since coverage is %s", c.Coverage)
	}
	seen[c.ID] = true
	topics := map[string]bool{}
	for _, m := range c.Mappings {
		ours := m.Tier == model.TierOurs
		switch {
		case m.Topic == "" || topics[m.Topic+m.Tier]:
			return fmt.Errorf("mapping %q: a topic is named once, by its name", m.Topic)
		case !slices.Contains(model.Tiers(), m.Tier):
			return fmt.Errorf("mapping %s: tier %q: use A, B, C or ours", m.Topic, m.Tier)
		case ours && m.Why == "", !ours && len(m.Sources) == 0:
			return fmt.Errorf("mapping %s: tier ours needs `why`, any other needs `sources`", m.Topic)
		}
		topics[m.Topic+m.Tier] = true
	}
	return nil
}

// topics are those that the mappings of some control name.
func (s *ruleSet) topics() map[string]bool {
	all := map[string]bool{}
	for _, f := range s.frameworks {
		for _, c := range f.Controls {
			for _, m := range c.Mappings {
				all[m.Topic] = true
			}
		}
	}
	return all
}

// propose fills which controls of a rule nobody but its author maps to rules
// of its topics.
func (s *ruleSet) propose(r *model.Rule) {
	for _, f := range s.frameworks {
		for _, c := range f.Controls {
			if !slices.Contains(r.Controls[f.ID], c.ID) || published(c, r.Topics) {
				continue
			}
			if r.Proposed == nil {
				r.Proposed = map[string][]string{}
			}
			r.Proposed[f.ID] = append(r.Proposed[f.ID], c.ID)
		}
	}
}

func published(c model.Control, topics []string) bool {
	return slices.ContainsFunc(c.Mappings, func(m model.Mapping) bool {
		return m.Tier != model.TierOurs && slices.Contains(topics, m.Topic)
	})
}

// checkTopics refuses a misspelt topic, which would make every control of the
// rule a mere proposal.
func checkTopics(where string, r *model.Rule, known map[string]bool) error {
	for _, t := range r.Topics {
		if !known[t] {
			return fmt.Errorf("%s: topic %q does not exist; controls/ has %s", where, t, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
	}
	return nil
}

// covered returns the frameworks with the coverage that these rules give: a
// control that none of them is evidence for is manual, whatever it could be.
func covered(frameworks []model.Framework, rules []*rule) []model.Framework {
	list := slices.Clone(frameworks)
	for i := range list {
		f := &list[i]
		f.Controls = slices.Clone(f.Controls)
		for k := range f.Controls {
			c := &f.Controls[k]
			if slices.ContainsFunc(rules, func(r *rule) bool { return slices.Contains(r.Controls[f.ID], c.ID) }) {
				continue
			}
			if c.Coverage == model.CoverageAutomated {
				c.Assessor = "All of it: no rule of this report is evidence for it."
			}
			c.Coverage = model.CoverageManual
		}
	}
	return list
}

package evaluator

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// eventName is a service and the name of one of its events, as records write
// them.
var eventName = regexp.MustCompile(`^[a-z][a-z0-9.-]*\.amazonaws\.com:[A-Za-z][A-Za-z0-9_]*$`)

// checkEvents checks what only rules on events say of themselves.
func checkEvents(r *model.Rule) error {
	if r.Kind != model.KindEvent {
		if len(r.Events) > 0 || r.Window != nil {
			return fmt.Errorf("custom.events and custom.window are for rules of kind event, and this one judges a %s", r.Kind)
		}
		return nil
	}
	r.Needs = model.NeedsEvents
	if len(r.Events) == 0 {
		return errors.New(`custom.events is missing: name the events that the rule judges, such as "secretsmanager.amazonaws.com:DeleteSecret"`)
	}
	for i, name := range r.Events {
		switch {
		case !eventName.MatchString(name):
			return fmt.Errorf(`custom.events: %q: write the service and the event as records do, such as "secretsmanager.amazonaws.com:DeleteSecret"`, name)
		case slices.Contains(r.Events[:i], name):
			return fmt.Errorf("custom.events names %s twice", name)
		}
	}
	if r.Window == nil {
		return nil
	}
	if err := checkWindow(r.Window, r.Params); err != nil {
		return fmt.Errorf("custom.window: %w", err)
	}
	return nil
}

func checkWindow(w *model.Window, params map[string]model.Param) error {
	lists := 0
	if len(w.By) == 0 {
		return errors.New("by is missing: name what tells series apart, such as who")
	}
	for _, name := range w.By {
		list, err := keyAttribute(name)
		if err != nil {
			return fmt.Errorf("by: %w", err)
		}
		if list {
			lists++
		}
	}
	if lists > 1 {
		return errors.New("by: one attribute at most may be a list")
	}
	if w.Distinct != "" {
		if _, err := keyAttribute(w.Distinct); err != nil {
			return fmt.Errorf("distinct: %w", err)
		}
	}
	series := w.Minutes != "" && w.Count != "" && w.Silence == ""
	silence := w.Silence != "" && w.Minutes+w.Count+w.Distinct == ""
	if !series && !silence {
		return errors.New("name the parameters minutes and count, or silence (days) alone")
	}
	for _, name := range []string{w.Minutes, w.Count, w.Silence} {
		if p, ok := params[name]; name != "" && (!ok || p.Type != "integer") {
			return fmt.Errorf("parameter %q must be one of the rule's params, of type integer", name)
		}
	}
	return nil
}

// keyAttribute says whether an attribute by which events are counted is a list.
func keyAttribute(name string) (list bool, err error) {
	fields := model.Fields(model.KindEvent)
	i := slices.IndexFunc(fields, func(f model.Field) bool { return f.Name == name })
	switch {
	case i < 0:
		var names []string
		for _, f := range fields {
			names = append(names, f.Name)
		}
		return false, fmt.Errorf("an event has no attribute %q%s", name, meant(name, names))
	case fields[i].Type == reflect.TypeFor[[]string]():
		return true, nil
	case fields[i].Type.Kind() == reflect.String:
		return false, nil
	default:
		return false, fmt.Errorf("attribute %s is no text", name)
	}
}

// Events are those that some rule of this judge selects: by service, the names of
// its events, sorted. Who reads a record leaves others out.
func (j *Judge) Events() map[string][]string {
	all := map[string][]string{}
	for _, r := range j.rules {
		for _, event := range r.Events {
			source, name, _ := strings.Cut(event, ":")
			if !slices.Contains(all[source], name) {
				all[source] = append(all[source], name)
			}
		}
	}
	for _, names := range all {
		slices.Sort(names)
	}
	return all
}

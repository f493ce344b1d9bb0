package terraform

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/tidwall/gjson"

	"github.com/keyproof/keyproof/model"
)

// file is what was read: the resources before and after, and the configuration
// that they come from.
type file struct {
	before *world // nil for a state
	after  *world
	config *configuration
	moved  map[string]string // address before, by address after
	gaps   []model.Scope
	notes  []string
}

// members are those of the top of the file, found in one go: each member may be
// as large as all of it.
type members map[string]gjson.Result

func (m members) get(path string) gjson.Result {
	name, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return m[name]
	}
	return m[name].Get(rest)
}

func parse(raw []byte) (*file, error) {
	top := members{}
	gjson.ParseBytes(raw).ForEach(func(name, value gjson.Result) bool {
		top[name.Str] = value
		return true
	})
	if top.get("lineage").Exists() && top.get("serial").Exists() {
		return nil, errors.New("this is a state as terraform keeps it: run `terraform show -json > state.json` and name state.json")
	}
	f := &file{config: readConfiguration(top), moved: map[string]string{}}
	if top.get("values").Exists() {
		if err := (&tfjson.State{FormatVersion: top.get("format_version").Str}).Validate(); err != nil {
			return nil, fmt.Errorf("%w: %s", err, again)
		}
		f.after = newWorld(f.config)
		f.after.addState(top.get("values.root_module"), false)
		return f, nil
	}
	if err := (&tfjson.Plan{FormatVersion: top.get("format_version").Str}).Validate(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, again)
	}
	if !top.get("planned_values").Exists() && !top.get("resource_changes").Exists() && !top.get("prior_state").Exists() {
		return nil, errors.New("it says nothing of resources: " + again)
	}
	if top.get("errored").Bool() {
		f.notes = append(f.notes, "terraform ended with an error while it made the plan, so that resources may be missing: plan again and read that")
	}
	if complete := top.get("complete"); complete.Exists() && !complete.Bool() {
		f.notes = append(f.notes, "the plan is not of everything (-target, or changes that were put off): what it leaves out is judged as it is")
	}
	f.before, f.after = newWorld(f.config), newWorld(f.config)
	f.after.earlier, f.before.next = f.before, f.after
	f.changes(top.get("resource_changes"))
	f.unchanged(top)
	f.deferred(top.get("deferred_changes"))
	return f, nil
}

// changes adds what the plan says of each resource.
func (f *file) changes(list gjson.Result) {
	deposed := 0
	list.ForEach(func(_, rc gjson.Result) bool {
		kind := rc.Get("type").Str
		if !wanted(kind) {
			return true
		}
		if rc.Get("deposed").Str != "" {
			deposed++
			return true
		}
		change := rc.Get("change").Map()
		var does tfjson.Actions
		for _, a := range change["actions"].Array() {
			does = append(does, tfjson.Action(a.Str))
		}
		if before := change["before"]; before.IsObject() {
			f.before.add(rc, f.address(rc), attribute{v: before, hidden: change["before_sensitive"]}, false)
		}
		after := change["after"]
		marks := attribute{v: after, later: change["after_unknown"], hidden: change["after_sensitive"]}
		switch {
		case after.IsObject() && !does.Delete():
			f.after.add(rc, rc.Get("address").Str, marks, slices.Contains(does, tfjson.ActionCreate))
		case slices.Contains(does, tfjson.ActionForget):
			// Terraform lets go of it; it stays in the account as it is.
			f.after.add(rc, rc.Get("address").Str, attribute{v: change["before"], hidden: change["before_sensitive"]}, false)
		}
		return true
	})
	if deposed > 0 {
		f.notes = append(f.notes, fmt.Sprintf("%d objects that an earlier apply left behind to be deleted (deposed) are not judged", deposed))
	}
}

// address is the one that the resource has in the state before the change.
func (f *file) address(rc gjson.Result) string {
	now, before := rc.Get("address").Str, rc.Get("previous_address").Str
	if before == "" || before == now {
		return now
	}
	f.moved[now] = before
	return before
}

// unchanged adds what the plan has no change for: all data sources that were
// read, with -target the resources that it leaves alone, and with -refresh-only
// everything. The prior state is as the provider found it, drift included.
func (f *file) unchanged(top members) {
	changed, known := map[string]bool{}, map[string]bool{}
	for now, address := range f.moved {
		changed[address], known[now] = true, true
	}
	f.before.skip = known
	deleted := map[string]bool{}
	for _, b := range f.before.list {
		deleted[b.address] = f.after.blocks[b.address] == nil
	}
	f.before.addState(top.get("prior_state.values.root_module"), false)
	for _, b := range f.before.list {
		if !deleted[b.address] && !changed[b.address] && f.after.blocks[b.address] == nil {
			f.after.adopt(b)
		}
	}
	// Other tools write plans without changes, or without the list of them.
	if !top.get("resource_changes").Exists() {
		f.after.addState(top.get("planned_values.root_module"), true)
	}
}

// deferred are resources that terraform could not plan yet, such as those with a
// count that is not known: that there are some is all that can be said.
func (f *file) deferred(list gjson.Result) {
	for _, d := range list.Array() {
		rc := d.Get("resource_change")
		kind := kindOf(rc.Get("type").Str)
		if kind == "" {
			continue
		}
		f.gaps = append(f.gaps, model.Scope{Kind: kind, Gap: &model.Unknown{
			Reason: model.ReasonAfterApply, Detail: "terraform put " + rc.Get("address").Str + " off: it can plan it only after an apply",
		}})
	}
}

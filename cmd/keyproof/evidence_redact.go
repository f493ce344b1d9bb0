package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/internal/redact"
	"github.com/keyproof/keyproof/internal/snapfile"
	"github.com/keyproof/keyproof/model"
)

// redacted is what a bundle is made of, with pseudonyms for names. The rules judge
// the redacted snapshot: its results are those of the original, resource by
// resource, or there is no bundle.
func (e *exported) redacted(ctx context.Context, keyPath string) (out *exported, done func() error, err error) {
	key, err := redact.ReadKey(keyPath)
	if err != nil {
		return nil, nil, usagef("--redact-key: %w", withoutCall(err))
	}
	var vocabulary [][]byte
	for _, name := range slices.Sorted(maps.Keys(e.recipe.files)) {
		if strings.HasPrefix(name, oursFolder+"/") {
			vocabulary = append(vocabulary, e.recipe.files[name])
		}
	}
	r := redact.New(key, vocabulary...)
	r.Keep(compared(e.report.Rules)...)
	snap, err := snapfile.Open(e.snapshot)
	if err != nil {
		return nil, nil, err
	}
	hidden, err := r.Snapshot(snap)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, hidden.Close()) }()
	dir, err := os.MkdirTemp("", "keyproof-*")
	if err != nil {
		return nil, nil, fmt.Errorf("make a temporary folder: %w; set TMPDIR to a writable directory", err)
	}
	spool, err := model.NewResultSpool("")
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	free := func() error { return errors.Join(spool.Close(), os.RemoveAll(dir)) }
	defer func() {
		if err != nil {
			err = errors.Join(err, free())
		}
	}()
	out = &exported{about: e.about, options: e.options, snapshot: filepath.Join(dir, partSnapshot)}
	out.about.Redacted, out.about.Source = true, r.Text(e.about.Source)
	if err := snapfile.Write(out.snapshot, hidden.Snapshot); err != nil {
		return nil, nil, err
	}
	if out.recipe, err = e.recipe.redacted(r, e.report); err != nil {
		return nil, nil, err
	}
	judge, err := out.recipe.judge(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("judge with redacted settings: %w", err)
	}
	again, err := snapfile.Open(out.snapshot)
	if err != nil {
		return nil, nil, err
	}
	again.Source = out.about.Source
	if out.report, err = judge.Evaluate(ctx, again, spool); err != nil {
		return nil, nil, err
	}
	if err := sameResults(r, e.report, out.report); err != nil {
		return nil, nil, err
	}
	if err := out.nothingLeft(r); err != nil {
		return nil, nil, err
	}
	return out, free, r.WriteKey(keyPath)
}

// compared are the texts that rules compare tags with, such as the environments
// that they are about.
func compared(rules []model.Rule) (list []string) {
	add := func(v any) {
		switch v := v.(type) {
		case string:
			list = append(list, v)
		case []string:
			list = append(list, v...)
		}
	}
	for i := range rules {
		for _, p := range rules[i].Params {
			add(p.Value)
		}
		for _, o := range rules[i].Overrides {
			for _, v := range o.Set {
				add(v)
			}
		}
	}
	return list
}

// redacted replaces names in the settings. Patterns cannot be: an override or a
// waiver becomes one for each resource that it decided something about.
func (c *recipe) redacted(r *redact.Redactor, report *model.Report) (*recipe, error) {
	overrides, waivers, err := decidedBy(report)
	if err != nil {
		return nil, err
	}
	out := &recipe{settings: c.settings, files: map[string][]byte{}}
	s := &out.settings
	s.Overrides, s.Waivers = map[model.RuleID][]model.Override{}, nil
	for id, list := range c.settings.Overrides {
		place := 0 // in the rule's Overrides, which those that hold everywhere are not
		for _, o := range list {
			o.Why, o.Set, o.Origin = r.Text(o.Why), redactedSet(r, o.Set), redactedOrigin(r, o.Origin)
			if o.Where.String() == (model.Where{}).String() {
				s.Overrides[id] = append(s.Overrides[id], o)
				continue
			}
			for _, at := range overrides[decision{id, place}] {
				o.Where = only(r, at)
				s.Overrides[id] = append(s.Overrides[id], o)
			}
			place++
		}
	}
	for _, w := range c.settings.Waivers {
		covered := waivers[w.Origin]
		w.Reason, w.CompensatingControl = r.Text(w.Reason), r.Text(w.CompensatingControl)
		w.Owner, w.ApprovedBy, w.Origin = r.Value(w.Owner), r.Value(w.ApprovedBy), redactedOrigin(r, w.Origin)
		if len(covered) == 0 {
			w.Where = model.Where{Account: r.Account(w.Where.Account), Region: w.Where.Region, Resource: r.Name(w.Where.Resource), Name: r.Name(w.Where.Name), File: r.Name(w.Where.File)}
			s.Waivers = append(s.Waivers, w)
			continue
		}
		for _, at := range covered {
			w.Where = only(r, at)
			s.Waivers = append(s.Waivers, w)
		}
	}
	s.Off = maps.Clone(s.Off)
	for id, off := range s.Off {
		off.Reason, off.Origin = r.Text(off.Reason), redactedOrigin(r, off.Origin)
		s.Off[id] = off
	}
	s.Params = map[model.RuleID]map[string]string{}
	for id, params := range c.settings.Params {
		s.Params[id] = map[string]string{}
		for name, value := range params {
			s.Params[id][name] = r.Setting(value)
		}
	}
	s.Frameworks = slices.Clone(s.Frameworks)
	for i := range s.Frameworks {
		s.Frameworks[i].Origin = redactedOrigin(r, s.Frameworks[i].Origin)
	}
	s.Users = nil
	for _, u := range c.settings.Users {
		s.Users = append(s.Users, recipeSource{Name: r.Name(u.Name), Folder: u.Folder, Error: r.Text(u.Error)})
	}
	for name, text := range c.files {
		if folder, rest, _ := strings.Cut(name, "/"); folder != oursFolder {
			name, text = folder+"/"+r.Text(rest), []byte(r.Text(string(text)))
		}
		out.files[name] = text
	}
	return out, nil
}

// redactedOrigin is a place in a file of pseudonyms: folders are called after
// people, companies and projects.
func redactedOrigin(r *redact.Redactor, o model.Origin) model.Origin {
	o.File, o.Address = r.Name(o.File), r.Name(o.Address)
	return o
}

// only chooses one resource.
func only(r *redact.Redactor, at model.ResourceID) model.Where {
	return model.Where{Account: r.Account(at.Account), Region: at.Region, Resource: r.Name(at.ID)}
}

func redactedSet(r *redact.Redactor, set map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range set {
		switch v := value.(type) {
		case string:
			out[name] = r.Setting(v)
		case []string:
			list := make([]string, len(v))
			for i := range v {
				list[i] = r.Setting(v[i])
			}
			out[name] = list
		default:
			out[name] = v
		}
	}
	return out
}

// decision is one override of a rule.
type decision struct {
	rule  model.RuleID
	place int
}

// decidedBy lists the resources that each override and each waiver decided about.
func decidedBy(report *model.Report) (overrides map[decision][]model.ResourceID, waivers map[model.Origin][]model.ResourceID, err error) {
	overrides, waivers = map[decision][]model.ResourceID{}, map[model.Origin][]model.ResourceID{}
	for res, err := range report.Results {
		if err != nil {
			return nil, nil, err
		}
		for _, place := range res.Overrides {
			at := decision{res.Rule, place}
			overrides[at] = append(overrides[at], res.Resource)
		}
		if res.Status == model.StatusWaived {
			waivers[res.Waiver.Origin] = append(waivers[res.Waiver.Origin], res.Resource)
		}
	}
	return overrides, waivers, nil
}

// sameResults proves that a redacted report says of each resource what the
// original does. Results on waivers are compared as a whole: a waiver of a pattern
// becomes several.
func sameResults(r *redact.Redactor, original, hidden *model.Report) error {
	type key struct {
		rule model.RuleID
		at   model.ResourceID
	}
	want := map[key]model.Status{}
	for res, err := range original.Results {
		if err != nil {
			return err
		}
		if res.Resource.Kind == model.KindWaiver {
			continue
		}
		at := res.Resource
		if at.Account = r.Account(at.Account); at.Kind != model.KindEvent || at.ID != "events" { // the record of a region has no name
			at.ID = r.Name(at.ID)
		}
		want[key{res.Rule, at}] = res.Status
	}
	for res, err := range hidden.Results {
		if err != nil {
			return err
		}
		if res.Resource.Kind == model.KindWaiver {
			continue
		}
		k := key{res.Rule, res.Resource}
		if status, ok := want[k]; !ok || status != res.Status {
			return fmt.Errorf("redaction changes the result of %s on %s from %q to %q, so that the bundle would not prove the report: leave out --redact, or the rule with --rule",
				res.Rule, res.Resource, status, res.Status)
		}
		delete(want, k)
	}
	for k := range want {
		return fmt.Errorf("redaction loses the result of %s on a resource: leave out --redact", k.rule)
	}
	return nil
}

// nothingLeft looks for originals in all that the bundle will hold.
func (e *exported) nothingLeft(r *redact.Redactor) error {
	var text bytes.Buffer
	if err := writeJSONReport(&text, e.report, e.options); err != nil {
		return err
	}
	files, err := e.recipe.pack()
	if err != nil {
		return err
	}
	for name, data := range files {
		if !strings.HasPrefix(name, oursFolder+"/") {
			text.Write(data)
		}
	}
	if left := r.Left(text.Bytes()); len(left) > 0 {
		return fmt.Errorf("redaction would leave %s in the bundle: it was not written", strings.Join(left, ", "))
	}
	return nil
}

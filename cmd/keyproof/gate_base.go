package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/snapfile"
	"github.com/keyproof/keyproof/model"
)

// addBase gives templates what was there before, if the user says what that is.
// Plans say it themselves.
func (r *fileReader) addBase(ctx context.Context, o *gateOptions, name string, list proposals) error {
	var base proposals
	var err error
	switch {
	case o.base != "":
		if r.base == nil { // the same for every file
			r.base, err = r.read(ctx, o.base)
		}
		base = r.base
	case o.baseRef != "" && list.anyWithout():
		r.asked = true
		base, err = r.atRevision(ctx, o.baseRef, name)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	for i := range list {
		for _, b := range base {
			if len(list) == 1 && len(base) == 1 || filepath.Base(b.name) == filepath.Base(list[i].name) {
				list[i].before = b.After
			}
		}
	}
	return nil
}

func (p proposals) anyWithout() bool {
	for _, one := range p {
		if one.before == nil {
			return true
		}
	}
	return false
}

// atRevision reads a template as it is at a revision of git; nothing when it is
// not there, since then all of it is new.
func (r *fileReader) atRevision(ctx context.Context, ref, name string) (proposals, error) {
	dir, file := filepath.Split(name)
	if name == "-" || filepath.Base(name) == "cdk.out" {
		return nil, usagef("--base-ref compares files that git has, not %s; use --base", name)
	}
	git := func(args ...string) ([]byte, error) {
		cmd := exec.CommandContext(ctx, "git", append([]string{"-C", filepath.Join(".", dir)}, args...)...)
		return cmd.Output()
	}
	if _, err := git("rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}"); err != nil {
		return nil, usagef("--base-ref: git knows no revision %q here; in a CI job fetch it first (git fetch origin main)", ref)
	}
	at := ref + ":./" + filepath.ToSlash(file)
	if _, err := git("cat-file", "-e", at); err != nil {
		return nil, nil
	}
	raw, err := git("show", "--end-of-options", at)
	if err != nil {
		return nil, fmt.Errorf("read %s at %s: %w", name, ref, err)
	}
	return r.content(ctx, filepath.ToSlash(name), filepath.Join(".", dir), raw)
}

// changes are what to judge. A saved scan comes before what plans say of before.
func (p proposals) changes(against string) ([]evaluator.Change, error) {
	var live *model.Snapshot
	var names liveNames
	if against != "" {
		var err error
		if live, err = snapfile.Open(against); err != nil {
			return nil, usageOrNot(err)
		}
		if names, err = newLiveNames(live); err != nil {
			return nil, err
		}
	}
	var list []evaluator.Change
	for _, one := range p {
		c := evaluator.Change{After: one.After, Before: one.before}
		if one.Moved != nil {
			moved := one.Moved
			c.Was = func(r *model.Resource) []model.ResourceID {
				if from, ok := moved[r.ID]; ok {
					return []model.ResourceID{from}
				}
				return []model.ResourceID{r.ID}
			}
		}
		if live != nil {
			own := c
			c = evaluator.Change{After: one.After, Before: live, Live: true, Was: names.of, Own: &own}
		}
		list = append(list, c)
	}
	return list, nil
}

// liveNames finds resources of a scan by what a file can say of them.
type liveNames struct {
	byID   map[model.Kind]map[string]model.ResourceID
	byName map[model.Kind]map[string][]model.ResourceID
}

func newLiveNames(live *model.Snapshot) (liveNames, error) {
	n := liveNames{map[model.Kind]map[string]model.ResourceID{}, map[model.Kind]map[string][]model.ResourceID{}}
	for r, err := range live.Outline(func(model.ResourceID) bool { return false }) {
		if err != nil {
			return n, err
		}
		if n.byID[r.ID.Kind] == nil {
			n.byID[r.ID.Kind], n.byName[r.ID.Kind] = map[string]model.ResourceID{}, map[string][]model.ResourceID{}
		}
		for _, id := range append([]string{r.ID.ID}, r.Aka...) {
			n.byID[r.ID.Kind][id] = r.ID
		}
		n.byName[r.ID.Kind][r.Name] = append(n.byName[r.ID.Kind][r.Name], r.ID)
	}
	return n, nil
}

// of is the resource of the scan that one of a file will be: by ARN or alias, or
// by name where that leaves no choice.
func (n liveNames) of(r *model.Resource) []model.ResourceID {
	for _, id := range append([]string{r.ID.ID}, r.Aka...) {
		if have, ok := n.byID[r.ID.Kind][id]; ok {
			return []model.ResourceID{have}
		}
	}
	var found []model.ResourceID
	for _, id := range n.byName[r.ID.Kind][r.Name] {
		if (r.ID.Region == "" || r.ID.Region == id.Region) && (r.ID.Account == "" || r.ID.Account == id.Account) {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found
}

// header is what the report says of all files together.
func (p proposals) header(sys system) model.Header {
	h := model.Header{TakenAt: sys.now().UTC(), Tool: sys.version}
	var names []string
	for _, one := range p {
		names = append(names, one.name)
		if h.Elsewhere == nil {
			h.Elsewhere = one.After.Elsewhere
		}
		h.Scopes = append(h.Scopes, one.After.Scopes...)
	}
	h.Source = strings.Join(names, ", ")
	return h
}

// waivers are those of comments. Each holds only in its own file.
func (p proposals) waivers() []model.Waiver {
	var all []model.Waiver
	for _, one := range p {
		for _, w := range one.Waivers {
			w.Where.File = w.Origin.File
			all = append(all, w)
		}
	}
	return all
}

// kinds are those that the files have, so that rules on others need not load.
func (p proposals) kinds() []model.Kind {
	have := map[model.Kind]bool{}
	for _, one := range p {
		for _, snap := range []*model.Snapshot{one.After, one.before} {
			if snap == nil {
				continue
			}
			for r := range snap.Resources {
				have[r.ID.Kind] = true
			}
			for _, s := range snap.Scopes {
				have[s.Kind] = true
			}
		}
	}
	var list []model.Kind
	for _, k := range model.Kinds() {
		if have[k] {
			list = append(list, k)
		}
	}
	if list == nil {
		return []model.Kind{model.KindSecret} // nothing to judge, but not for lack of rules
	}
	return list
}

// sayNotes says once each what to know of how the files were read.
func (p proposals) sayNotes(sys system) {
	said := map[string]bool{}
	for _, one := range p {
		for _, note := range one.Notes {
			line := clean(one.name + ": " + note)
			if !said[line] {
				fmt.Fprintln(sys.stderr, "keyproof: "+line)
			}
			said[line] = true
		}
	}
}

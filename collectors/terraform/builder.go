package terraform

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

// builder makes the resources of one world.
type builder struct {
	*world
	Options
	sources *sources
	claims  map[string]*claims
	called  map[string]*callers
	former  map[string]map[string]bool // what blocks named before the change
}

// claims are all that blocks of a type are about.
type claims struct {
	of  map[*block][]claim
	any *block // a block that may be about any
}

// claim is a block that is about another one, or may be.
type claim struct {
	by   *block
	sure bool
}

func snapshot(ctx context.Context, f *file, w *world, src *sources, o Options, p *collectors.Proposal) (*model.Snapshot, error) {
	b := &builder{world: w, Options: o, sources: src, claims: map[string]*claims{}, called: map[string]*callers{}, former: map[string]map[string]bool{}}
	types := readers()
	var list []*model.Resource
	for _, from := range w.list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if t, ok := types[from.kind]; ok {
			if r := t.read(b, from); r != nil {
				list = append(list, r)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *model.Resource) int { return a.ID.Compare(b.ID) })
	if p != nil {
		if n := len(w.byType["aws_cloudtrail_event_data_store"]); n > 0 {
			p.Notes = append(p.Notes, fmt.Sprintf("%d CloudTrail Lake event data stores are not judged: rules are about trails", n))
		}
	}
	s := &model.Snapshot{Resources: model.InMemory(list)}
	s.Source, s.TakenAt, s.Tool = o.Name, o.TakenAt.UTC(), o.Tool
	s.Elsewhere = elsewhere()
	if p != nil {
		s.Scopes = f.gaps
	}
	return s, nil
}

func elsewhere() *model.Unknown {
	return &model.Unknown{Reason: model.ReasonNotInSource, Detail: "a plan is not the whole account"}
}

// id is the ID of the resource that a block makes.
func (b *block) id(kind model.Kind) model.ResourceID {
	at := b.place()
	if kind.Global() {
		at.region = model.RegionGlobal
	}
	return model.ResourceID{Kind: kind, Account: at.account, Region: at.region, ID: b.address}
}

// resource makes the resource of a block. Call it when the body is filled: what
// is left over only a running account can tell.
func (b *builder) resource(from *block, kind model.Kind, name model.Value[string], body model.Body) *model.Resource {
	model.SetUnknown(body, notInSource("a plan does not tell what only a running account can"))
	body.Derive(b.TakenAt)
	r := &model.Resource{ID: from.id(kind), Name: name.Or(from.address), Body: body, Origin: b.sources.origin(from)}
	if arn, ok := from.values.get("arn").text(model.None[string]()).Get(); ok {
		r.Aka = append(r.Aka, arn)
	}
	return r
}

// about returns the blocks of a type that are about a block, by the attribute with
// which they name it, and one of those that may be, if there are some.
func (b *builder) about(to *block, kind, attribute string, targets ...string) []claim {
	if len(targets) == 0 {
		targets = []string{to.kind}
	}
	key := strings.Join(append(targets, kind, attribute), " ")
	if b.claims[key] == nil {
		b.claims[key] = b.claim(kind, attribute, targets)
	}
	list := b.claims[key].of[to]
	if by := b.claims[key].any; by != nil {
		list = append(slices.Clip(list), claim{by, false})
	}
	return list
}

func (b *builder) claim(kind, attribute string, targets []string) *claims {
	all := &claims{of: map[*block][]claim{}}
	for _, by := range b.of(kind) {
		s := by.about(attribute, targets...)
		if s.any && all.any == nil {
			all.any = by
		}
		for _, t := range s.list {
			if s.sure || doubt(all.of[t]) == nil {
				all.of[t] = append(all.of[t], claim{by, s.sure})
			}
		}
	}
	return all
}

// had says whether before the change a block of a type was about a block that
// exists. Where none is any more, what the provider shows of it goes with it.
func (b *builder) had(of *block, kind, attribute string) bool {
	if b.earlier == nil {
		return false
	}
	if b.former[kind] == nil {
		b.former[kind] = map[string]bool{}
		for _, by := range b.earlier.byType[kind] {
			b.former[kind][by.values.get(attribute).v.Str] = true
		}
	}
	for _, name := range of.names() {
		if b.former[kind][name] {
			return true
		}
	}
	return false
}

// doubt is a claim that may be about something else, nil if there is none.
func doubt(list []claim) *block {
	for _, c := range list {
		if !c.sure {
			return c.by
		}
	}
	return nil
}

// tags are those that the resource has, with the provider's default_tags, which
// old providers do not show. Without any tag at all the provider leaves tags_all
// unknown.
func (b *block) tags() model.Value[map[string]string] {
	a := b.get("tags_all")
	provider := member(b.world.config.providers, b.provider())
	if a.state() == later && b.created && provider.Exists() && !provider.Get("expressions.default_tags").Exists() || a.state() == unset {
		a = b.get("tags")
	}
	switch {
	case a.state() == unset:
		return model.Known(map[string]string{})
	case a.state() != given || !a.whole():
		return model.Missing[map[string]string](model.Unknown{Reason: a.why().Reason, Detail: a.why().Detail})
	}
	tags := map[string]string{}
	for k, v := range a.v.Map() {
		if a.hidden.IsObject() && member(a.hidden, k).Bool() {
			return model.Missing[map[string]string](notInSource("the file marks a tag as sensitive"))
		}
		tags[k] = v.String()
	}
	return model.Known(tags)
}

// moves says which resources had another address.
func moves(f *file, p *collectors.Proposal) {
	types := readers()
	for now, before := range f.moved {
		a, b := f.after.blocks[now], f.before.blocks[before]
		if a == nil || b == nil {
			continue
		}
		if t, ok := types[a.kind]; ok {
			p.Moved[a.id(t.kind)] = b.id(t.kind)
		}
	}
}

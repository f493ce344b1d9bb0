package terraform

import (
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// nameAttributes are the attributes by which resources of a type are named elsewhere.
func nameAttributes() []string {
	return []string{"id", "arn", "key_id", "name", "bucket", "function_name", "identifier", "cluster_identifier", "global_cluster_identifier"}
}

// named returns the blocks of some types that a known text names. Names other
// than ARNs repeat in other regions and accounts.
func (w *world) named(text string, near *block, kinds ...string) []*block {
	if w.ids == nil {
		w.ids = map[string]map[string][]*block{}
	}
	var found []*block
	for _, kind := range kinds {
		if w.ids[kind] == nil {
			w.index(kind)
		}
		switch one := w.ids[kind][text]; {
		case strings.HasPrefix(text, "arn:"), len(one) == 1 && one[0].reaches(near):
			found = append(found, one...)
		case len(one) > 1:
			found = append(found, w.ids[kind][text+near.place().suffix()]...)
		}
	}
	return found
}

// reaches says whether a name used near another block can mean this one: both may
// be in one account and region. Buckets and identities belong to no region.
func (b *block) reaches(near *block) bool {
	here, there := b.place(), near.place()
	global := b.kind == "aws_s3_bucket" || strings.HasPrefix(b.kind, "aws_iam_")
	same := func(a, b string) bool { return a == b || a == "" || b == "" }
	return same(here.account, there.account) && (global || same(here.region, there.region))
}

func (p place) suffix() string { return "\n" + p.account + "\n" + p.region }

func (w *world) index(kind string) {
	ids := map[string][]*block{}
	for _, b := range w.byType[kind] {
		here := b.place().suffix()
		for _, n := range b.names() {
			ids[n] = append(ids[n], b)
			ids[n+here] = append(ids[n+here], b)
		}
	}
	w.ids[kind] = ids
}

func (b *block) names() []string {
	var list []string
	for _, n := range nameAttributes() {
		if v, ok := b.values.get(n).text(model.None[string]()).Get(); ok {
			list = append(list, v)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

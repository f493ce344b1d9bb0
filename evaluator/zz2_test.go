package evaluator

import (
	"context"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
)

func BenchmarkMiss(b *testing.B) {
	c := newCompany(1000)
	j := realJudge(b)
	ix, _, _ := newIndex(c.snapshot(), j.referred())
	for _, id := range []string{"SM-001", "SM-003", "SM-006", "SM-011", "SM-013", "SM-014"} {
		for _, r := range j.rules {
			if string(r.ID) != id {
				continue
			}
			w := newWorker(j, ix)
			var views []*view
			for _, s := range c.resources {
				if s.ID.Kind == r.Kind {
					v, _ := w.look(s)
					cp := &view{append([]number(nil), v.numbers...), append(v.why[:0:0], v.why...)}
					unk := false
					for _, e := range r.entries() {
						for _, p := range e.places {
							if cp.numbers[p] == 0 {
								unk = true
							}
						}
					}
					if !unk {
						views = append(views, cp)
					}
				}
			}
			for name, e := range map[string]*entry{"na": r.applicable, "v": r.violation} {
				b.Run(id+name+"/rego", func(b *testing.B) {
					b.ReportAllocs()
					i := 0
					begun := cpu()
					for b.Loop() {
						w.evaluate(context.Background(), r, e, views[i%len(views)])
						i++
					}
					b.ReportMetric(float64((cpu()-begun).Nanoseconds())/float64(b.N), "cpu-ns/op")
				})
				b.Run(id+name+"/input", func(b *testing.B) {
					b.ReportAllocs()
					i := 0
					for b.Loop() {
						w.input(r, e, views[i%len(views)])
						i++
					}
				})
				comp := compilerOf
				body, err := comp.QueryCompiler().Compile(ast.MustParseBody("x = " + e.query))
				if err != nil {
					b.Fatal(err)
				}
				b.Run(id+name+"/topdown", func(b *testing.B) {
					b.ReportAllocs()
					i := 0
					begun := cpu()
					for b.Loop() {
						in := w.input(r, e, views[i%len(views)])
						q := topdown.NewQuery(body).WithCompiler(comp).WithInput(ast.NewTerm(in)).WithStrictBuiltinErrors(true)
						n := 0
						if err := q.Iter(context.Background(), func(topdown.QueryResult) error { n++; return nil }); err != nil {
							b.Fatal(err)
						}
						if n != 1 {
							b.Fatal(n)
						}
						i++
					}
					b.ReportMetric(float64((cpu()-begun).Nanoseconds())/float64(b.N), "cpu-ns/op")
				})
			}
		}
	}
	_ = rego.New
}

package evaluator

import (
	"context"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
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
			w.watch = newWatch(context.Background(), j.limits.evaluation)
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
			run := func(name string, f func(v *view)) {
				b.Run(name, func(b *testing.B) {
					b.ReportAllocs()
					i := 0
					begun := cpu()
					for b.Loop() {
						f(views[i%len(views)])
						i++
					}
					b.ReportMetric(float64((cpu()-begun).Nanoseconds())/float64(b.N), "cpu-ns/op")
				})
			}
			for name, e := range map[string]*entry{"na": r.applicable, "v": r.violation} {
				run(id+name+"/all", func(v *view) { w.evaluate(context.Background(), r, e, v) })
				run(id+name+"/input", func(v *view) { e.input(w.values, v) })
			}
			for name, q := range map[string]string{"const": "x = 1", "lib": "x = data.lib.keys.aws_managed"} {
				body, err := r.violation.clauses[0].compiler.QueryCompiler().Compile(ast.MustParseBody(q))
				if err != nil {
					b.Fatal(err)
				}
				tt := clause{body: body, compiler: r.violation.clauses[0].compiler}
				run(id+name, func(v *view) {
					q := topdown.NewQuery(tt.body).WithCompiler(tt.compiler).WithStore(noData{}).WithStrictBuiltinErrors(true).WithCancel(w.watch.cancel)
					_ = q.Iter(context.Background(), func(topdown.QueryResult) error { return nil })
				})
			}
		}
	}
}

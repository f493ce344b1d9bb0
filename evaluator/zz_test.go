package evaluator

import "testing"

func TestZZ(t *testing.T) {
	c := newCompany(10000)
	j := realJudge(t)
	ix, counts, _ := newIndex(c.snapshot(), j.referred())
	w := newWorker(j, ix)
	w.all(t.Context(), c.resources)
	total := 0
	for _, r := range j.rules {
		for _, e := range r.entries() {
			unk := 0
			for _, a := range w.answers[e] {
				if len(a.unknown) > 0 {
					unk++
				}
			}
			t.Log(r.ID, e.query, len(w.answers[e]), "partial", unk)
			total += len(w.answers[e])
		}
	}
	t.Log(total, counts, len(w.values.list))
}

package ledger

import "sort"

// seqRanges are numbers of links as ranges, first and last, in ascending order
// within what one pruning removed.
type seqRanges [][2]int

// add adds a number that is greater than all others.
func (r *seqRanges) add(seq int) {
	if n := len(*r); n > 0 && (*r)[n-1][1] == seq-1 {
		(*r)[n-1][1] = seq
		return
	}
	*r = append(*r, [2]int{seq, seq})
}

// has needs the ranges sorted; see sorted.
func (r seqRanges) has(seq int) bool {
	i := sort.Search(len(r), func(i int) bool { return r[i][1] >= seq })
	return i < len(r) && r[i][0] <= seq
}

// sorted puts the ranges of several prunings in order; they do not overlap.
func (r seqRanges) sorted() seqRanges {
	sort.Slice(r, func(i, j int) bool { return r[i][0] < r[j][0] })
	return r
}

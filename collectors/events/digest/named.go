package digest

import (
	"hash/maphash"
	"slices"
)

// named remembers the logs that digests name, by a hash of their paths in eight
// bytes: ten million take 80 MB where the paths would take gigabytes. The hash has
// a key that is new in each run, so that nobody can make a path that has the hash
// of another; that one of ten million others has it by chance is one in 10^12.
type named struct {
	seed    maphash.Seed
	buckets [1 << 10][]uint64 // by the first bits: small pieces grow without a copy of all
}

func newNamed() *named { return &named{seed: maphash.MakeSeed()} }

func (n *named) hash(path string) uint64 { return maphash.String(n.seed, path) }

func (n *named) add(path string) {
	h := n.hash(path)
	b := &n.buckets[h>>54]
	*b = append(*b, h)
}

// settle makes the set ready to be asked, and returns how many are in it and the
// sum of their hashes.
func (n *named) settle() (count int, sum uint64) {
	for i := range n.buckets {
		slices.Sort(n.buckets[i])
		n.buckets[i] = slices.Compact(n.buckets[i]) // a log may be named twice
		count += len(n.buckets[i])
		for _, h := range n.buckets[i] {
			sum += h
		}
	}
	return count, sum
}

func (n *named) has(path string) bool {
	h := n.hash(path)
	_, found := slices.BinarySearch(n.buckets[h>>54], h)
	return found
}

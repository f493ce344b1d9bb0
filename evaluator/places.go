package evaluator

// places is a set of places in a layout.
type places []uint64

func newPlaces(n int) places { return make(places, (n+63)/64) }

func (p places) add(place int) { p[place/64] |= 1 << (place % 64) }

func (p places) clear() { clear(p) }

// meets says whether two sets of the same layout share a place.
func (p places) meets(o places) bool {
	for i := range p {
		if p[i]&o[i] != 0 {
			return true
		}
	}
	return false
}

// setOf is the set of a list of places in a layout of n paths.
func setOf(n int, list []int) places {
	p := newPlaces(n)
	for _, place := range list {
		p.add(place)
	}
	return p
}

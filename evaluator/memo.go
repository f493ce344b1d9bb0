package evaluator

// memo is what a clause has said, by what it could see. What depends on nothing,
// and on one or two values, has a quicker way than the rest.
type memo struct {
	always *answer
	pairs  map[uint64]*answer
	others map[string]*answer
	key    []byte // a buffer
}

func newMemo() *memo { return &memo{pairs: map[uint64]*answer{}, others: map[string]*answer{}} }

// seat is where the answer of a memo to one question is.
type seat struct {
	memo *memo
	how  uint8 // 0 always, 1 pairs, 2 others
	pair uint64
}

// seat finds the place of what a clause says of what is seen, in which its screen
// holds or is undecided. It is valid until the next call.
func (m *memo) seat(vs *values, seen *view, c *clause, holds bool) (seat, error) {
	if holds && len(c.restPlaces) <= 2 {
		s := seat{memo: m}
		for _, place := range c.restPlaces {
			n, err := vs.number(seen.facts[place])
			if err != nil {
				return s, err
			}
			s.how, s.pair = 1, s.pair<<32|uint64(n)
		}
		return s, nil
	}
	var err error
	if holds {
		m.key, err = seen.key(vs, m.key[:0], c.restPlaces)
	} else {
		// Marked, so that it is no key of the other kind.
		m.key, err = seen.key(vs, append(m.key[:0], '?'), c.places)
	}
	return seat{memo: m, how: 2}, err
}

func (s seat) get() *answer {
	switch s.how {
	case 0:
		return s.memo.always
	case 1:
		return s.memo.pairs[s.pair]
	default:
		return s.memo.others[string(s.memo.key)]
	}
}

func (s seat) put(a *answer) {
	switch s.how {
	case 0:
		s.memo.always = a
	case 1:
		s.memo.pairs[s.pair] = a
	default:
		s.memo.others[string(s.memo.key)] = a
	}
}

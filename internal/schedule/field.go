package schedule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// field is a field of a cron expression: what it may hold.
type field struct {
	name  string
	least int
	most  int
	names []string // of least, least+1, …
}

var (
	minutes   = field{name: "minutes", least: 0, most: 59}
	hours     = field{name: "hours", least: 0, most: 23}
	monthDays = field{name: "day-of-month", least: 1, most: 31}
	months    = field{name: "month", least: 1, most: 12,
		names: []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}}
	weekdays = field{name: "day-of-week", least: 1, most: 7,
		names: []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}}
	places = field{name: "place within the month", least: 1, most: 5}
)

// set reads a list of items into a set of bits.
func (f field) set(text string) (set uint64, err error) {
	for item := range strings.SplitSeq(strings.ToUpper(text), ",") {
		bits, err := f.item(item)
		if err != nil {
			return 0, err
		}
		set |= bits
	}
	return set, nil
}

// item reads *, n, a-b, and any of them with a step; n/step goes on to the end
// of the field, and AWS's examples leave out n where it is the least.
func (f field) item(text string) (uint64, error) {
	body, stepText, stepped := strings.Cut(text, "/")
	step := 1
	if stepped {
		n, err := strconv.Atoi(stepText)
		if err != nil || n < 1 || n > f.most {
			return 0, f.bad()
		}
		step = n
	}
	from, to := f.least, f.most
	low, high, ranged := strings.Cut(body, "-")
	var err error
	switch {
	case body == "*", body == "" && stepped:
	case ranged:
		if from, err = f.number(low); err != nil {
			return 0, err
		}
		if to, err = f.number(high); err != nil {
			return 0, err
		}
		if from > to {
			return 0, f.bad()
		}
	default:
		if from, err = f.number(body); err != nil {
			return 0, err
		}
		if !stepped {
			to = from
		}
	}
	var set uint64
	for n := from; n <= to; n += step {
		set |= 1 << n
	}
	return set, nil
}

func (f field) number(text string) (int, error) {
	if i := slices.Index(f.names, text); i >= 0 {
		return f.least + i, nil
	}
	n, err := strconv.ParseUint(text, 10, 8)
	if err != nil || int(n) < f.least || int(n) > f.most {
		return 0, f.bad()
	}
	return int(n), nil
}

func (f field) bad() error { return fmt.Errorf("%s cannot be read", f.name) }

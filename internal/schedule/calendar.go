package schedule

import (
	"errors"
	"math/bits"
)

// shape is what matters of a month's matching days.
type shape struct {
	first, last int // 0: none
	gap         int // the longest distance between two of them
}

func shapeOf(mask uint32) shape {
	s := shape{}
	for m := mask; m != 0; m &= m - 1 {
		n := bits.TrailingZeros32(m)
		if s.first == 0 {
			s.first = n
		} else {
			s.gap = max(s.gap, n-s.last)
		}
		s.last = n
	}
	return s
}

// The Gregorian calendar repeats after 400 years, weekdays included, since they
// have a whole number of weeks.
const cycleYears = 400

// longest returns the longest distance in days between two matching days in
// the whole calendar: the fifth Friday of February is 40 years from the next
// where a leap year is left out.
func longest(inMonth uint64, days func(first, length int) (uint32, error)) (int, error) {
	// All months are one of 28: four lengths, seven weekdays to begin with.
	var shapes [4][7]shape
	for length := range shapes {
		for first := range shapes[length] {
			mask, err := days(first, 28+length)
			if err != nil {
				return 0, err
			}
			shapes[length][first] = shapeOf(mask)
		}
	}
	gap, begin, last, opening := 0, 0, 0, 0
	weekday := 6 // 2000-01-01 was a Saturday
	for year := 2000; year < 2000+cycleYears; year++ {
		for month := 1; month <= 12; month++ {
			length := monthLength(year, month)
			if s := shapes[length-28][weekday]; inMonth&(1<<month) != 0 && s.first != 0 {
				if last == 0 {
					opening = begin + s.first
				} else {
					gap = max(gap, begin+s.first-last)
				}
				gap, last = max(gap, s.gap), begin+s.last
			}
			begin += length
			weekday = (weekday + length) % 7
		}
	}
	if last == 0 {
		return 0, errors.New("no day of the calendar matches")
	}
	// Once round: from the last day of this cycle to the first of the next.
	return max(gap, begin+opening-last), nil
}

func monthLength(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	default:
		return 31
	}
}

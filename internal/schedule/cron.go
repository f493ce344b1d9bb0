package schedule

import (
	"fmt"
	"strings"
)

// cronInterval reads minutes, hours, day of month, month, day of week, year.
func cronInterval(f []string) (int, error) {
	if len(f) != 6 {
		return 0, fmt.Errorf("%d fields, not the six: minutes hours day-of-month month day-of-week year", len(f))
	}
	// Times of day are only validated: whatever they are, the longest interval
	// rounded up to days is the longest distance between two days.
	if _, err := minutes.set(f[0]); err != nil {
		return 0, err
	}
	if _, err := hours.set(f[1]); err != nil {
		return 0, err
	}
	inMonth, err := months.set(f[3])
	if err != nil {
		return 0, err
	}
	if f[5] != "*" {
		return 0, fmt.Errorf("the year must be *")
	}
	if (f[2] == "?") == (f[4] == "?") {
		return 0, fmt.Errorf("one of day-of-month and day-of-week must be ? and the other not")
	}
	days := dayList(f[2], dayOfMonth)
	if f[2] == "?" {
		days = dayList(f[4], dayOfWeek)
	}
	return longest(inMonth, days)
}

// day is one item of a day field: the days of a month that it matches, day 1
// as bit 1, in a month of a length that begins on a weekday (0 is Sunday).
type day func(first, length int) uint32

// dayList reads a day field, a list of items.
func dayList(text string, read func(string) (day, error)) func(first, length int) (uint32, error) {
	return func(first, length int) (uint32, error) {
		var mask uint32
		for item := range strings.SplitSeq(text, ",") {
			d, err := read(item)
			if err != nil {
				return 0, err
			}
			mask |= d(first, length)
		}
		return mask, nil
	}
}

// dayOfMonth reads a number, range or step, L (last day), LW (last weekday) or
// nW (the weekday nearest to day n, within the month).
func dayOfMonth(item string) (day, error) {
	upper := strings.ToUpper(item)
	switch number, ok := strings.CutSuffix(upper, "W"); {
	case upper == "L":
		return func(_, length int) uint32 { return 1 << length }, nil
	case upper == "LW":
		return func(first, length int) uint32 { return nearestWeekday(length, first, length) }, nil
	case ok:
		n, err := monthDays.number(number)
		if err != nil {
			return nil, err
		}
		return func(first, length int) uint32 { return nearestWeekday(n, first, length) }, nil
	}
	set, err := monthDays.item(upper)
	if err != nil {
		return nil, err
	}
	return func(_, length int) uint32 { return uint32(set) & (1<<(length+1) - 1) }, nil
}

func nearestWeekday(n, first, length int) uint32 {
	if n > length {
		return 0
	}
	switch weekday := (first + n - 1) % 7; {
	case weekday == 6 && n > 1: // Saturday: the Friday before
		n--
	case weekday == 6: // the Friday before is of another month
		n += 2
	case weekday == 0 && n < length: // Sunday: the Monday after
		n++
	case weekday == 0:
		n -= 2
	}
	return 1 << n
}

// dayOfWeek reads a number, name, range or step, L (the last day of the week,
// Saturday), dL (the last such day of the month) or d#n (the nth of the month).
func dayOfWeek(item string) (day, error) {
	upper := strings.ToUpper(item)
	if upper == "L" {
		upper = "SAT"
	}
	if name, ok := strings.CutSuffix(upper, "L"); ok {
		d, err := weekdays.number(name)
		if err != nil {
			return nil, err
		}
		return func(first, length int) uint32 {
			nth := nthDays(d-1, first, length)
			return 1 << nth[len(nth)-1]
		}, nil
	}
	if name, place, ok := strings.Cut(upper, "#"); ok {
		d, err := weekdays.number(name)
		if err != nil {
			return nil, err
		}
		n, err := places.number(place)
		if err != nil {
			return nil, err
		}
		return func(first, length int) uint32 {
			if nth := nthDays(d-1, first, length); n <= len(nth) {
				return 1 << nth[n-1]
			}
			return 0
		}, nil
	}
	set, err := weekdays.item(upper)
	if err != nil {
		return nil, err
	}
	return func(first, length int) (mask uint32) {
		for n := 1; n <= length; n++ {
			if set&(1<<((first+n-1)%7+1)) != 0 {
				mask |= 1 << n
			}
		}
		return mask
	}, nil
}

// nthDays are the days of a month that are a weekday (0 is Sunday).
func nthDays(weekday, first, length int) (list []int) {
	for n := 1 + (weekday-first+7)%7; n <= length; n += 7 {
		list = append(list, n)
	}
	return list
}

package schedule_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/keyproof/keyproof/internal/schedule"
)

// rule is a schedule as a person would say it, apart from its notation.
type rule struct {
	text    string // the expression
	months  map[int]bool
	matches func(date) bool // whatever its month
}

// date is a day as time.Time says it is.
type date struct {
	month, day, weekday int
	end                 int // the month's last day
}

// calendar is 450 years of days, more than the calendar's cycle.
func calendar() []date {
	days := make([]date, 450*366)
	for t, i := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), 0; i < len(days); t, i = t.AddDate(0, 0, 1), i+1 {
		end := time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC)
		days[i] = date{int(t.Month()), t.Day(), int(t.Weekday()), end.Day()}
	}
	return days
}

var weekdayNames = []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}

func drawRule(t *rapid.T) rule {
	r := rule{months: map[int]bool{}}
	monthText := "*"
	if rapid.Bool().Draw(t, "all months") {
		for m := 1; m <= 12; m++ {
			r.months[m] = true
		}
	} else {
		from := rapid.IntRange(1, 12).Draw(t, "from month")
		step := rapid.IntRange(1, 12).Draw(t, "month step")
		for m := from; m <= 12; m += step {
			r.months[m] = true
		}
		monthText = fmt.Sprintf("%d/%d", from, step)
	}
	n := rapid.IntRange(1, 31).Draw(t, "day")
	d := rapid.IntRange(0, 6).Draw(t, "weekday")
	k := rapid.IntRange(1, 5).Draw(t, "place")
	dayName := rapid.SampledFrom([]string{weekdayNames[d], fmt.Sprint(d + 1)}).Draw(t, "name")
	dom, dow := "?", "?"
	switch rapid.SampledFrom([]string{"n", "n/k", "L", "W", "LW", "d", "d#k", "dL"}).Draw(t, "form") {
	case "n":
		dom, r.matches = fmt.Sprint(n), func(t date) bool { return t.day == n }
	case "n/k":
		dom, r.matches = fmt.Sprintf("%d/%d", n, k), func(t date) bool { return t.day >= n && (t.day-n)%k == 0 }
	case "L":
		dom, r.matches = "L", func(t date) bool { return t.day == t.end }
	case "W":
		dom, r.matches = fmt.Sprintf("%dW", n), func(t date) bool { return nearest(t, n) == t.day }
	case "LW":
		dom, r.matches = "LW", func(t date) bool { return nearest(t, t.end) == t.day }
	case "d":
		dow, r.matches = dayName, func(t date) bool { return t.weekday == d }
	case "d#k":
		dow, r.matches = fmt.Sprintf("%s#%d", dayName, k), func(t date) bool { return t.weekday == d && (t.day+6)/7 == k }
	case "dL":
		dow, r.matches = dayName+"L", func(t date) bool { return t.weekday == d && t.day+7 > t.end }
	}
	r.text = fmt.Sprintf("cron(0 %d %s %s %s *)", rapid.IntRange(0, 23).Draw(t, "hour"), dom, monthText, dow)
	return r
}

// nearest is the weekday nearest to day n of a date's month, found by trying all.
func nearest(t date, n int) int {
	best, distance := 0, 99
	if n > t.end {
		return 0
	}
	for i := 1; i <= t.end; i++ {
		w := (t.weekday + i - t.day + 70) % 7
		if off := max(i-n, n-i); w != int(time.Saturday) && w != int(time.Sunday) && off < distance {
			best, distance = i, off
		}
	}
	return best
}

// longest walks over the calendar day by day.
func (r rule) longest(days []date) int {
	gap, last := 0, -1
	for i, day := range days {
		if !r.months[day.month] || !r.matches(day) {
			continue
		}
		if last >= 0 {
			gap = max(gap, i-last)
		}
		last = i
	}
	return gap
}

func TestIntervalDaysAgainstBruteForce(t *testing.T) {
	// The message of a failure names the expression: no file is needed to repeat it.
	require.NoError(t, flag.Set("rapid.nofailfile", "true"))
	days := calendar()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t)
		want := r.longest(days)
		got, err := schedule.IntervalDays(r.text)
		if want == 0 { // such as February 30
			require.Error(t, err, r.text)
			return
		}
		require.NoError(t, err, r.text)
		require.Equal(t, want, got, r.text)
	})
}

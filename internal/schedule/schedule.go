// Package schedule reads the rotation schedules of Secrets Manager: how long a
// secret can go between two rotations, and how long a rotation window lasts.
//
// The dialect is AWS's ("Rotation schedules", Secrets Manager User Guide):
// rate(N hours) and rate(N days), and cron() with six fields, weekdays counted
// from SUN = 1, "?" in one of the day fields, L, W and #. The cron libraries
// for Go read other dialects (weekdays from 0; robfig/cron knows no L, W, #)
// and answer "when next" for one moment, where a rule needs the longest
// interval that the schedule ever leaves; so the reader is ours.
package schedule

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	rate   = regexp.MustCompile(`^rate\(\s*([0-9]{1,5})\s+(hours?|days?)\s*\)$`)
	cron   = regexp.MustCompile(`^cron\((.*)\)$`)
	window = regexp.MustCompile(`^([0-9]{1,2})h$`)
)

// The documented limits of a rate.
const (
	minHours = 4
	maxDays  = 999
)

// IntervalDays returns the longest time between two rotations by a schedule
// expression, in whole days rounded up. The window is not counted: the next one
// starts by the schedule, whenever in its window the last rotation ran.
func IntervalDays(expr string) (int, error) {
	expr = strings.TrimSpace(expr)
	if m := rate.FindStringSubmatch(expr); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return 0, fmt.Errorf("read rate: %w", err)
		}
		if strings.HasPrefix(m[2], "hour") {
			if n < minHours {
				return 0, fmt.Errorf("read rate: AWS allows no interval under %d hours", minHours)
			}
			n = (n + 23) / 24
		}
		if n < 1 || n > maxDays {
			return 0, fmt.Errorf("read rate: AWS allows 1 to %d days", maxDays)
		}
		return n, nil
	}
	if m := cron.FindStringSubmatch(expr); m != nil {
		days, err := cronInterval(strings.Fields(m[1]))
		if err != nil {
			return 0, fmt.Errorf("read cron: %w", err)
		}
		return days, nil
	}
	return 0, fmt.Errorf("read schedule: neither rate(N hours), rate(N days) nor cron(…)")
}

// WindowHours returns the length of a rotation window such as "3h". A window
// ends within its day, so it has 1 to 24 hours.
func WindowHours(duration string) (int, error) {
	m := window.FindStringSubmatch(strings.TrimSpace(duration))
	if m == nil {
		return 0, fmt.Errorf("read window: not a number of hours such as 3h")
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n < 1 || n > 24 {
		return 0, fmt.Errorf("read window: not 1 to 24 hours")
	}
	return n, nil
}

package schedule_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/schedule"
)

func TestIntervalDays(t *testing.T) {
	for expr, want := range map[string]int{
		"rate(4 hours)":    1,
		"rate(1 day)":      1,
		"rate(10 days)":    10,
		"rate(24 hours)":   1,
		"rate(25 hours)":   2,
		"rate(999 days)":   999,
		" rate( 30 days )": 30,

		// The examples of the Secrets Manager User Guide, "Rotation schedules".
		"cron(0 /8 * * ? *)":      1,
		"cron(0 8/8 * * ? *)":     1,
		"cron(0 2/10 * * ? *)":    1,
		"cron(0 10 * * ? *)":      1,
		"cron(0 18 ? * SAT *)":    7,
		"cron(0 8 1 * ? *)":       31,
		"cron(0 1 ? 1/3 SUN#1 *)": 98, // first Sundays of January, April, July, October
		"cron(0 17 L * ? *)":      31,
		"cron(0 8 ? * MON-FRI *)": 3,
		"cron(0 16 1,15 * ? *)":   17,
		"cron(0 0 ? * SUN#1 *)":   35,
		"cron(0 0 ? 1/11 2#1 *)":  336, // January to December

		"cron(0 8 ? * MON#1 *)":       35,
		"cron(0 0 1 1 ? *)":           366,
		"cron(0 0 1 JAN,JUL ? *)":     184,
		"cron(0 0 29 2 ? *)":          2921, // no leap day in 2100
		"cron(0 0 31 * ? *)":          61,   // over a month of 30 days
		"cron(0 0 1/2 * ? *)":         2,
		"cron(0 0 ? * 1/2 *)":         2,
		"cron(0 0 ? * * *)":           1,
		"cron(0 0 ? * 1,4 *)":         4,
		"cron(0 0 ? * L *)":           7,
		"cron(0 0 ? * SUNL *)":        35,
		"cron(0 0 ? * 6L *)":          35,
		"cron(0 0 15W * ? *)":         32, // from Friday the 14th to Tuesday the 15th
		"cron(0 0 LW * ? *)":          33,
		"cron(0 0 1W * ? *)":          33,
		"cron(0 0 ? * FRI#5 *)":       119,
		"cron(0 0 ? 2 FRI#5 *)":       14609, // 2072 to 2112
		"cron(0 0 1-7 * ? *)":         25,
		"cron(0 0 1,L * ? *)":         30,
		"cron(0 0 ? * mon#1,mon#3 *)": 21,
		"cron(0 0 ? jan-mar wed *)":   287, // March 25 to January 6
		"cron(15,45 0-6/2 10 * ? *)":  31,
	} {
		got, err := schedule.IntervalDays(expr)
		require.NoError(t, err, expr)
		assert.Equal(t, want, got, expr)
	}
}

func TestIntervalDaysRefuses(t *testing.T) {
	for _, expr := range []string{
		"", "rate", "rate()", "rate(days)", "rate(1 week)", "rate(30days)", "rate(0 days)", "rate(1 hour)", "rate(1000 days)",
		"rate(-1 days)", "rate(99999 hours)", "rate(5 minutes)", "Rate(1 day)", "at(2030-01-01T00:00:00)", "30 days",
		"cron()", "cron(0 8 1 * ?)", "cron(0 8 1 * ? * *)", "cron(0 8 1 * ? 2030)", "cron(0 8 1 * ? ?)",
		"cron(0 8 1 * MON *)", "cron(0 8 ? * ? *)", "cron(0 8 * * * *)",
		"cron(60 8 1 * ? *)", "cron(0 24 1 * ? *)", "cron(0 8 0 * ? *)", "cron(0 8 32 * ? *)", "cron(0 8 1 13 ? *)", "cron(0 8 1 0 ? *)",
		"cron(0 8 ? * 0 *)", "cron(0 8 ? * 8 *)", "cron(0 8 ? * MON#6 *)", "cron(0 8 ? * MON#0 *)", "cron(0 8 ? * FRI-MON *)",
		"cron(0 8 ? * XL *)", "cron(0 8 XW * ? *)", "cron(0 8 W * ? *)", "cron(0 8 1/0 * ? *)", "cron(0 8 1/x * ? *)", "cron(0 8 1- * ? *)",
		"cron(0 8 , * ? *)", "cron(0 8 31 2 ? *)", "cron(0 8 +1 * ? *)", "cron(? 8 1 * ? *)", "cron(0 8 ?,1 * ? *)", "cron(0 8 ? * # *)",
	} {
		got, err := schedule.IntervalDays(expr)
		assert.Error(t, err, expr)
		assert.Zero(t, got, expr)
	}
}

func TestWindowHours(t *testing.T) {
	for text, want := range map[string]int{"1h": 1, "3h": 3, "24h": 24, " 4h ": 4} {
		got, err := schedule.WindowHours(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "h", "0h", "25h", "3", "3m", "100h", "-1h", "3hh", "1.5h"} {
		_, err := schedule.WindowHours(text)
		assert.Error(t, err, text)
	}
}

func FuzzIntervalDays(f *testing.F) {
	for _, expr := range []string{"rate(4 hours)", "cron(0 8 ? * MON#1 *)", "cron(0 /8 LW JAN-MAR ? *)", "cron(0 0 1,15W */2 ? *)"} {
		f.Add(expr)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		days, err := schedule.IntervalDays(expr)
		if err != nil {
			require.Zero(t, days)
			require.NotContains(t, fmt.Sprint(err), "\n")
			return
		}
		require.Positive(t, days)
		again, err := schedule.IntervalDays(" " + expr + " ")
		require.NoError(t, err)
		require.Equal(t, days, again)
	})
}

func BenchmarkIntervalDays(b *testing.B) {
	for b.Loop() {
		if _, err := schedule.IntervalDays("cron(0 8 ? * MON#1 *)"); err != nil {
			b.Fatal(err)
		}
	}
}

package detect

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/zricethezav/gitleaks/v8/logging"

	"github.com/keyproof/keyproof/model"
)

// assertOwnWords shows that a result is made of the detector's words only, of
// which there are finitely many, all known before the value was seen. So no
// result can hold a part of a value.
func assertOwnWords(t *testing.T, d *Detector, found []model.Credential) {
	t.Helper()
	places := []string{"", "password", "secret", "token", "key", "encryption key", "credential"}
	for _, c := range found {
		title, ok := d.titles[c.Rule]
		assert.True(t, ok, "rule is one of the detector's")
		assert.True(t, c.Title == title, "title is the rule's")
		assert.Contains(t, places, c.Place)
	}
}

func TestOwnWords(t *testing.T) {
	d := newDetector(t)
	for _, c := range cases() {
		assertOwnWords(t, d, d.Classify(c.name, c.value))
	}
	// A field whose very name is a secret does not give it away.
	assertOwnWords(t, d, d.Classify("/x", `{"hunter2password":"`+sentinel+`"}`))
}

// TestSilent shows that gitleaks logs nothing, even with its own logger at the
// level whose lines quote what it found.
func TestSilent(t *testing.T) {
	var log bytes.Buffer
	before := logging.Logger
	logging.Logger = zerolog.New(&log).Level(zerolog.TraceLevel)
	defer func() { logging.Logger = before }()
	d := newDetector(t)
	for _, c := range cases() {
		d.Classify(c.name, c.value)
	}
	assert.Zero(t, log.Len(), "something was logged")
}

// TestConcurrent is for the race detector; it also shows that goroutines do not
// mix up each other's findings.
func TestConcurrent(t *testing.T) {
	d := newDetector(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			_, err := New() // a second detector disturbs no other
			assert.NoError(t, err)
			for _, c := range cases() {
				assert.ElementsMatch(t, c.want, at(d.Classify(c.name, c.value)))
			}
		})
	}
	wg.Wait()
}

func FuzzClassify(f *testing.F) {
	for _, c := range cases() {
		f.Add(c.name, c.value)
	}
	f.Add("", "")
	f.Add("/", strings.Repeat("[", 5000))
	f.Add("\xff/\xfe", "\xff\x00password=\xff")
	d := newDetector(f)
	f.Fuzz(func(t *testing.T, name, value string) {
		if len(value) > 8<<10 || len(name) > 2048 {
			t.Skip("longer than AWS allows")
		}
		found := d.Classify(name, value)
		assertOwnWords(t, d, found)
		for _, c := range found {
			if c.Rule == ruleUnread {
				t.Fatal("the classifier panicked")
			}
		}
		again := d.Classify(name, value)
		require.True(t, len(found) == len(again), "not deterministic")
		for i := range found {
			require.Equal(t, found[i], again[i])
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	d := newDetector(b)
	for _, c := range []struct{ label, name, value string }{
		{"switch", "/app/feature-flag", "true"},
		{"host", "/prod/db/host", "db.internal.example.com"},
		{"url", "/app/endpoint", "https://api.example.com/v1/users"},
		{"arn", "DB_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"},
		{"literal", "DB_PASSWORD", "FAKE" + sentinel + "1"},
		{"dsn", "/app/dsn", dsn("postgres")},
		{"json-1k", "/app/config", `{"password":"` + sentinel + `","list":["` + strings.Repeat(`alpha","`, 120) + `"]}`},
		{"text-8k", "/app/notes", strings.Repeat("some line with plain words\n", 300)},
		{"text-8k-words", "/app/notes", strings.Repeat("token: x, key=y and password\n", 280)},
	} {
		b.Run(c.label, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d.Classify(c.name, c.value)
			}
		})
	}
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			_, _ = New()
		}
	})
}

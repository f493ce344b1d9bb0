package events

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

const prod, dev, ireland, virginia = "111122223333", "444455556666", "eu-west-1", "us-east-1"

// refusing denies to open and to list some paths, as a store without permission.
type refusing struct {
	fstest.MapFS
	paths map[string]model.Unknown
}

func (r refusing) Open(name string) (fs.File, error) {
	if why, ok := r.paths[name]; ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: refusedAs{why}}
	}
	return r.MapFS.Open(name)
}

func (r refusing) ReadDir(name string) ([]fs.DirEntry, error) {
	if why, ok := r.paths[name]; ok {
		return nil, &fs.PathError{Op: "list", Path: name, Err: refusedAs{why}}
	}
	return r.MapFS.ReadDir(name)
}

type refusedAs struct{ why model.Unknown }

func (r refusedAs) Error() string          { return r.why.String() }
func (r refusedAs) Unknown() model.Unknown { return r.why }

// TestScopes reads archives of a few days and asks which accounts and regions were
// read whole.
func TestScopes(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }
	log := func(account, region string, n int) string { return key(account, region, day(n), "a") }
	digest := func(account, region string, n int) string {
		return fmt.Sprintf("AWSLogs/%s/CloudTrail-Digest/%s/%s/%s_CloudTrail-Digest_%s_t_%[2]s_%s.json.gz",
			account, region, day(n).Format("2006/01/02"), account, region, day(n).Format("20060102T150405Z"))
	}
	good, broken := gz(t, records(rec())), []byte("no gzip")
	whole := func(files ...string) map[string][]byte {
		m := map[string][]byte{}
		for _, name := range files {
			m[name] = good
		}
		return m
	}
	march := Query{Since: day(10).Truncate(24 * time.Hour), Until: day(14).Truncate(24 * time.Hour)}
	with := func(accounts, regions []string) Query {
		q := march
		q.Accounts, q.Regions = accounts, regions
		return q
	}
	all := whole(log(prod, ireland, 10), log(prod, ireland, 11), log(prod, ireland, 12), log(prod, ireland, 13))
	put := func(m map[string][]byte, name string, data []byte) map[string][]byte {
		c := map[string][]byte{name: data}
		for k, v := range m {
			if _, ok := c[k]; !ok {
				c[k] = v
			}
		}
		return c
	}
	tests := []struct {
		name  string
		files map[string][]byte
		deny  map[string]model.Unknown
		q     Query
		want  []string // account region gap
	}{
		{"all days", all, nil, march, []string{prod + " eu-west-1 whole"}},
		{"a day without", whole(log(prod, ireland, 10), log(prod, ireland, 11), log(prod, ireland, 13)), nil, march,
			[]string{prod + " eu-west-1 not in this source: of 1 days there is neither a log nor a digest, the first is 2026-03-12"}},
		{"a quiet day that a digest proves", put(whole(log(prod, ireland, 10), log(prod, ireland, 11), log(prod, ireland, 13)), digest(prod, ireland, 12), good), nil, march,
			[]string{prod + " eu-west-1 whole"}},
		{"it begins too late", whole(log(prod, ireland, 12), log(prod, ireland, 13)), nil, march,
			[]string{prod + " eu-west-1 not in this source: of 2 days there is neither a log nor a digest, the first is 2026-03-10"}},
		{"nothing asked, days between", whole(log(prod, ireland, 10), log(prod, ireland, 12)), nil, Query{},
			[]string{prod + " eu-west-1 not in this source: of 1 days"}},
		{"one region stopped", put(all, log(prod, virginia, 10), good), nil, march,
			[]string{prod + " eu-west-1 whole", prod + " us-east-1 not in this source: of 3 days"}},
		{"a region that is not there", all, nil, with(nil, []string{ireland, virginia}),
			[]string{prod + " eu-west-1 whole", prod + " us-east-1 not in this source: no log or digest of it"}},
		{"an account that is not there", all, nil, with([]string{prod, dev}, nil),
			[]string{prod + " eu-west-1 whole", dev + "  not in this source: no log or digest of it"}},
		{"only other regions of the account", all, nil, with([]string{prod}, []string{virginia}),
			[]string{prod + " us-east-1 not in this source: no log or digest of it"}},
		{"a broken file", put(all, log(prod, ireland, 11), broken), nil, march,
			[]string{prod + " eu-west-1 a call failed: " + log(prod, ireland, 11) + ": the file is not gzip"}},
		{"a refused record", put(all, log(prod, ireland, 11), gz(t, records("5"))), nil, march,
			[]string{prod + " eu-west-1 a call failed: 1 records were not understood"}},
		{"files that do not say", whole("a.json.gz"), nil, Query{},
			[]string{prod + " eu-west-1 not in this source: the names of its files do not say when they were delivered"}},
		{"a broken one that does not say", put(whole("a.json.gz"), "b.json.gz", broken), nil, Query{},
			[]string{"  a call failed: b.json.gz: the file is not gzip", prod + " eu-west-1 not in this source: the names"}},
		{"a file that may not be read", all, map[string]model.Unknown{log(prod, ireland, 11): {Reason: model.ReasonAccessDenied, Action: "s3:GetObject"}}, march,
			[]string{prod + " eu-west-1 s3:GetObject denied"}},
		{"a region that may not be listed", put(all, log(prod, virginia, 11), good),
			map[string]model.Unknown{"AWSLogs/" + prod + "/CloudTrail/us-east-1": {Reason: model.ReasonAccessDenied, Action: "s3:ListBucket"}}, march,
			[]string{prod + " eu-west-1 whole", prod + " us-east-1 s3:ListBucket denied"}},
		{"nothing", nil, nil, march, []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.q.Now = now
			source := NewArchive("./trail", refusing{archive(tt.files), tt.deny})
			s, err := source.Read(t.Context(), tt.q, func(*model.Event) error { return nil })
			require.NoError(t, err)
			log := s.Log(source.Name())
			assert.Equal(t, "./trail", log.Source)
			assert.Equal(t, model.VerdictUnknown, log.Chain.Verdict)
			got := make([]string, len(log.Scopes))
			for i, c := range log.Scopes {
				got[i] = c.Account + " " + c.Region + " whole"
				if c.Gap != nil {
					got[i] = c.Account + " " + c.Region + " " + c.Gap.String()
				}
			}
			require.Len(t, got, len(tt.want), "%q", got)
			for i := range got {
				assert.True(t, len(got[i]) >= len(tt.want[i]) && got[i][:len(tt.want[i])] == tt.want[i], "%q, want %q", got[i], tt.want[i])
			}
			if !tt.q.Since.IsZero() {
				assert.Equal(t, tt.q.Since, log.From)
				assert.Equal(t, tt.q.Until, log.Until)
			}
		})
	}
}

// TestArchiveThatIsNotThere is an error, not an empty record.
func TestArchiveThatIsNotThere(t *testing.T) {
	why := map[string]model.Unknown{".": {Reason: model.ReasonAccessDenied, Action: "s3:ListBucket"}}
	_, err := NewArchive("x", refusing{archive(nil), why}).Read(t.Context(), Query{}, func(*model.Event) error { return nil })
	var refused refusedAs
	require.True(t, errors.As(err, &refused))
}

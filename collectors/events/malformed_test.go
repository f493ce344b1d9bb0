package events

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMalformed puts each kind of bad file between two good ones: it is named,
// with its kind, what is good in it is kept, and the others are read.
func TestMalformed(t *testing.T) {
	good := gz(t, records(rec()))
	long := records(rec(), rec(), rec())
	cut := func(b []byte, n int) []byte { return b[:len(b)-n] }
	flip := func(b []byte, at int) []byte {
		b = bytes.Clone(b)
		b[len(b)+at] ^= 0x55
		return b
	}
	tests := []struct {
		name     string
		data     []byte
		kind     Kind
		says     string
		relevant int // in the bad file
		refused  int
		broken   bool
	}{
		{"empty", nil, KindTruncated, "empty", 0, 0, true},
		{"not gzip", []byte(records(rec())), KindGzip, "not gzip", 0, 0, true},
		{"header only", gz(t, "x")[:5], KindTruncated, "middle of its gzip", 0, 0, true},
		{"truncated gzip", cut(gz(t, long), 12), KindTruncated, "middle of its gzip", -1, 0, true},
		{"no checksum", cut(gz(t, long), 8), KindTruncated, "middle of its gzip", 3, 0, true},
		{"wrong checksum", flip(gz(t, long), -7), KindGzip, "checksum", 3, 0, true},
		{"damaged", append(gz(t, long)[:10], 0xff, 0xff, 0xff, 0xff), KindGzip, "damaged", 0, 0, true},
		{"damaged in the middle", flip(gz(t, long), -40), KindJSON, "not JSON", -1, 0, true},
		{"garbage after", append(gz(t, long), "garbage garbage garbage"...), KindGzip, "goes on with something else", 3, 0, true},
		{"two members", append(gz(t, records(rec())), gz(t, records(rec(), rec()))...), KindMembers, "several files in one", 3, 0, false},
		{"one document over two members", append(gz(t, long[:200]), gz(t, long[200:])...), KindMembers, "several files in one", 3, 0, false},
		{"two documents", gz(t, records(rec())+"\n"+records(rec())), KindMembers, "several files in one", 2, 0, false},
		{"truncated JSON", gz(t, long[:len(long)-20]), KindTruncated, "ends too early", 2, 0, true},
		{"truncated in a string", gz(t, `{"Records":[{"eventName":"abc`), KindTruncated, "ends too early", 0, 0, true},
		{"truncated in an escape", gz(t, `{"Records":[{"eventName":"abc\`), KindTruncated, "ends too early", 0, 0, true},
		{"brackets that do not match", gz(t, `{"Records":[`+rec()+`,{"a":[}]}`), KindJSON, "not JSON from byte", 1, 0, true},
		{"not JSON", gz(t, "eventSource=secretsmanager"), KindJSON, "not JSON from byte 0", 0, 0, true},
		{"white space only", gz(t, "  \n"), KindTruncated, "no text", 0, 0, true},
		{"too deep", gz(t, `{"Records":[{"a":`+strings.Repeat("[", 100)), KindJSON, "not JSON from byte", 0, 0, true},
		{"no Records", gz(t, `{"records":[`+rec()+`]}`), KindShape, "no Records", 0, 0, true},
		{"Records of another type", gz(t, `{"Records":{"a":1}}`), KindShape, "not a list", 0, 0, true},
		{"comma at the end", gz(t, `{"Records":[`+rec()+`,]}`), KindJSON, "not JSON", 1, 0, true},
		{"no comma", gz(t, `{"Records":[`+rec()+rec()+`]}`), KindJSON, "not JSON", 1, 0, true},
		{"records of other types", gz(t, `{"Records":[1,"x",null,[{}],`+rec()+`]}`), KindRecord, "not an object", 1, 4, false},
		{"too long a record", gz(t, records(`{"eventName":"`+strings.Repeat("a", maxRecord)+`"}`, rec())), KindRecord, "longer than 4 MiB", 1, 1, false},
		{"a member without value", gz(t, `{"Records":[{"eventSource":"kms.amazonaws.com","eventName"},`+rec()+`]}`), KindRecord, "no eventName", 1, 1, false},
		{"no eventSource", gz(t, records(rec("eventSource="), rec())), KindRecord, "no eventSource", 1, 1, false},
		{"no eventName", gz(t, records(rec("eventName="), rec())), KindRecord, "no eventName", 1, 1, false},
		{"eventName is a number", gz(t, records(rec("eventName=5"), rec())), KindRecord, "eventName is not text", 1, 1, false},
		{"eventSource is null", gz(t, records(rec("eventSource=null"), rec())), KindRecord, "eventSource is not text", 1, 1, false},
		{"eventSource is an object", gz(t, records(rec(`eventSource={"a":1}`), rec())), KindRecord, "eventSource is not text", 1, 1, false},
		{"two sources", gz(t, records(rec(`x=1,"eventSource":"s3.amazonaws.com"`), rec())), KindRecord, "eventName twice", 1, 1, false},
		{"no eventTime", gz(t, records(rec("eventTime="), rec())), KindRecord, "no eventTime", 1, 1, false},
		{"a time that is none", gz(t, records(rec(`eventTime="yesterday"`), rec())), KindRecord, "not a time", 1, 1, false},
		{"a time as a number", gz(t, records(rec(`eventTime=1773395813`), rec())), KindRecord, "eventTime is not text", 1, 1, false},
		{"userIdentity is text", gz(t, records(rec(`userIdentity="root"`), rec())), KindRecord, "userIdentity is not an object", 1, 1, false},
		{"ARN is a number", gz(t, records(rec(`userIdentity={"arn":5}`), rec())), KindRecord, "in its userIdentity, its arn is not text", 1, 1, false},
		{"errorCode is a number", gz(t, records(rec(`errorCode=5`), rec())), KindRecord, "errorCode is not text", 1, 1, false},
		{"requestParameters are a list", gz(t, records(rec(`requestParameters=[]`), rec())), KindRecord, "requestParameters is not an object", 1, 1, false},
		{"no JSON within", gz(t, records(rec(`tlsDetails={"a":tru}`), rec())), KindRecord, "not a JSON object", 1, 1, false},
		{"future", gz(t, records(rec(`eventTime="2027-01-01T00:00:00Z"`), rec())), KindFuture, "in the future", 1, 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			names := make([]string, 3)
			for i := range names {
				names[i] = key("111122223333", "eu-west-1", now.AddDate(0, 0, i-3), "a")
			}
			events, s := readAll(t, archive(map[string][]byte{names[0]: good, names[1]: tt.data, names[2]: good}), Query{})
			require.NotEmpty(t, s.Problems)
			p := s.Problems[0]
			assert.Len(t, s.Problems, 1, "%v", s.Problems)
			assert.Equal(t, names[1], p.File)
			assert.Equal(t, tt.kind, p.Kind, p.Detail)
			assert.Contains(t, p.Detail, tt.says)
			assert.Equal(t, names[0], events[0].File)
			assert.Equal(t, names[2], events[len(events)-1].File)
			if tt.relevant >= 0 {
				assert.Len(t, events, tt.relevant+2)
			}
			assert.Equal(t, tt.refused, s.Records.Refused)
			assert.Equal(t, tt.refused, p.Count)
			assert.Equal(t, tt.broken, s.Files.Broken == 1)
			assert.Equal(t, 3, s.Files.Read)
		})
	}
}

// TestBomb: a gibibyte of text in a mebibyte, once as white space and once within
// a record. Little of it is read, whatever the text says.
func TestBomb(t *testing.T) {
	for name, text := range map[string][2]string{
		"white space": {`{"Records":[` + rec() + `,`, " "},
		"a string":    {`{"Records":[` + rec() + `,{"eventName":"`, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			bomb := inflated(t, text[0], text[1], 1<<10)
			require.Less(t, len(bomb), 2<<20)
			ok := key("111122223333", "eu-west-1", now, "b")
			events, s := readAll(t, archive(map[string][]byte{key("111122223333", "eu-west-1", now, "a"): bomb, ok: gz(t, records(rec()))}), Query{})
			require.Len(t, s.Problems, 1)
			assert.Equal(t, KindBomb, s.Problems[0].Kind, s.Problems[0].Detail)
			assert.Less(t, s.Files.Text, int64(64<<20))
			assert.Len(t, events, 2)
			assert.Equal(t, ok, events[1].File)
		})
	}
}

// inflated is gzip of head and then some mebibytes of one byte. The compressed
// form of the second mebibyte, which only repeats what is before it, is that of
// all that follow.
func inflated(t *testing.T, head, one string, mebibytes int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	write := func(text string) int {
		_, err := io.WriteString(w, text)
		require.NoError(t, err)
		require.NoError(t, w.Flush())
		return b.Len()
	}
	write(head)
	chunk := strings.Repeat(one, 1<<20)
	from, to := write(chunk), write(chunk)
	return append(b.Bytes(), bytes.Repeat(b.Bytes()[from:to], mebibytes)...)
}

// TestLargeFiles: files that take many reads, in all their forms.
func TestLargeFiles(t *testing.T) {
	list := strings.TrimSuffix(strings.Repeat(rec()+",", 7000), ",")
	text := records(list)
	var b bytes.Buffer
	for range 2 {
		w, err := gzip.NewWriterLevel(&b, gzip.NoCompression)
		require.NoError(t, err)
		_, err = io.WriteString(w, text)
		require.NoError(t, err)
		require.NoError(t, w.Close())
	}
	two := b.Bytes()
	one := two[:len(two)/2]
	for name, c := range map[string]struct {
		data     []byte
		relevant int
		kind     Kind
	}{
		"a.json":    {[]byte(text), 7000, ""},
		"b.json.gz": {one, 7000, ""},
		"c.json.gz": {two, 14000, KindMembers},
		"d.json.gz": {one[:len(one)-4], 7000, KindTruncated},
		"e.json.gz": {append(bytes.Clone(one), "rubbish"...), 7000, KindGzip},
		"f.json.gz": {[]byte(text), 0, KindGzip},
		"g.json":    {[]byte(text[:len(text)/2]), 3499, KindTruncated},
	} {
		t.Run(name, func(t *testing.T) {
			events, s := readAll(t, archive(map[string][]byte{name: c.data}), Query{})
			assert.Len(t, events, c.relevant)
			if c.kind == "" {
				assert.Empty(t, s.Problems)
				assert.Equal(t, int64(len(c.data)), s.Files.Bytes)
				return
			}
			require.Len(t, s.Problems, 1)
			assert.Equal(t, c.kind, s.Problems[0].Kind, s.Problems[0].Detail)
		})
	}
}

// TestProblemsAreBounded: an archive of nothing but rubbish does not fill the
// memory with problems, and none goes uncounted.
func TestProblemsAreBounded(t *testing.T) {
	files := map[string][]byte{}
	for i := range maxProblems + 50 {
		files[key("111122223333", "eu-west-1", now, fmt.Sprintf("%05d", i))] = []byte("rubbish")
	}
	_, s := readAll(t, archive(files), Query{})
	assert.Len(t, s.Problems, maxProblems)
	assert.Equal(t, 50, s.MoreProblems)
	assert.Equal(t, maxProblems+50, s.Files.Broken)
	assert.Contains(t, s.Problems[0].File, "_00000.")
}

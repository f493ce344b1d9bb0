package bucket

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/events"
	fake "github.com/keyproof/keyproof/fixtures/aws"
	"github.com/keyproof/keyproof/internal/needs"
	"github.com/keyproof/keyproof/model"
)

var now = time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)

const prod, dev, ireland, virginia = "111122223333", "444455556666", "eu-west-1", "us-east-1"

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func record(id, account, region string, at time.Time) string {
	return fmt.Sprintf(`{"eventID":%q,"eventSource":"secretsmanager.amazonaws.com","eventName":"GetSecretValue","eventTime":%q,"awsRegion":%q,"recipientAccountId":%q}`,
		id, at.Format(time.RFC3339), region, account)
}

// generated is an organization's archive: two accounts, two regions, three days,
// two files a day, with digests and things that do not belong there, and bad files
// of every kind in one region.
func generated(t testing.TB) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	put := func(name string, data []byte) { m[name] = &fstest.MapFile{Data: data} }
	for _, account := range []string{prod, dev} {
		for _, region := range []string{ireland, virginia} {
			for day := 10; day < 13; day++ {
				for i := range 2 {
					at := time.Date(2026, 3, day, 10+i, 0, 0, 0, time.UTC)
					name := fmt.Sprintf("AWSLogs/o-abc/%s/CloudTrail/%s/%s/%[1]s_CloudTrail_%[2]s_%[4]s_%[5]d.json.gz", account, region, at.Format("2006/01/02"), at.Format("20060102T1504Z"), i)
					put(name, zipped(t, `{"Records":[`+record(fmt.Sprint(account, region, day, i), account, region, at)+`,{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances"}]}`))
				}
			}
			put(fmt.Sprintf("AWSLogs/o-abc/%s/CloudTrail-Digest/%s/2026/03/11/%[1]s_CloudTrail-Digest_%[2]s_t_%[2]s_20260311T100000Z.json.gz", account, region), zipped(t, "{}"))
		}
	}
	bad := "AWSLogs/o-abc/" + dev + "/CloudTrail/" + virginia + "/2026/03/12/bad_"
	good := record("x", dev, virginia, now.AddDate(0, 0, -2))
	put(bad+"a_empty.json.gz", nil)
	put(bad+"b_notgzip.json.gz", []byte("plain"))
	put(bad+"c_truncated.json.gz", zipped(t, `{"Records":[`+good+`]}`)[:60])
	put(bad+"d_members.json.gz", append(zipped(t, `{"Records":[`+good+`]}`), zipped(t, `{"Records":[`+good+`]}`)...))
	put(bad+"e_shape.json.gz", zipped(t, `{"Records":5}`))
	put(bad+"f_types.json.gz", zipped(t, `{"Records":[5,{"eventSource":"kms.amazonaws.com"},`+good+`]}`))
	put(bad+"g_future.json.gz", zipped(t, `{"Records":[`+record("y", dev, virginia, now.AddDate(1, 0, 0))+`]}`))
	put(bad+"h_bomb.json.gz", zipped(t, `{"Records":["`+strings.Repeat("a", 64<<20)+`"]}`))
	put("AWSLogs/o-abc/readme.txt", []byte("not a log"))
	return m
}

type event struct {
	file  string
	place int
	id    string
}

func read(t testing.TB, src events.Source, q events.Query) ([]event, *events.Summary) {
	t.Helper()
	q.Now = now
	list := []event{}
	s, err := src.Read(t.Context(), q, func(e *model.Event) error {
		list = append(list, event{e.File, e.Place, e.ID.Or("")})
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, s.Records.In, s.Records.Relevant+s.Records.Irrelevant+s.Records.Refused)
	return list, s
}

// peer is an implementation of S3 with a bucket "trail" in eu-west-1.
type peer struct {
	cfg   aws.Config
	calls func() map[string]int // by IAM action; nil when it does not count
}

func embedded(t testing.TB, files fstest.MapFS) (peer, *fake.Server, *fake.World) {
	t.Helper()
	w, err := fake.Load(strings.NewReader(`
accounts:
  - id: "111122223333"
    credentials: [{access_key: A1, secret_key: x, principal: user/scanner}]
    regions: {eu-west-1: {buckets: [{name: trail}]}, us-east-1: {}}
`), now)
	require.NoError(t, err)
	for name, f := range files {
		require.NoError(t, w.PutObject("trail", "some/prefix/"+name, f.Data, nil))
	}
	s, err := fake.Serve(t.Context(), w)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return peer{config(s.URL()), s.Calls}, s, w
}

func config(url string) aws.Config {
	return aws.Config{
		Region: virginia, BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("A1", "x", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func moto(t testing.TB, files fstest.MapFS) peer {
	t.Helper()
	cfg := config(needs.Moto(t))
	cfg.Retryer = nil
	p := peer{cfg, nil}
	c := p.client()
	_, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("trail"),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraintEuWest1}})
	require.NoError(t, err)
	for name, f := range files {
		_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("trail"), Key: aws.String("some/prefix/" + name), Body: bytes.NewReader(f.Data)})
		require.NoError(t, err)
	}
	return p
}

// client is for filling the bucket.
func (p peer) client() *s3.Client {
	return s3.NewFromConfig(p.cfg, func(o *s3.Options) { o.UsePathStyle = true; o.Region = ireland })
}

// TestSameAsFolder reads one archive from a folder and from two implementations of
// S3, with several queries: events, counts and problems are the same, and what a
// query does not ask for is not fetched.
func TestSameAsFolder(t *testing.T) {
	files := generated(t)
	type query struct {
		q       events.Query
		fetched int64
		listed  int // calls: two of Open, which finds the region out, and one a folder
	}
	queries := map[string]query{
		"all":             {events.Query{}, 24 + 8, 51},
		"one account":     {events.Query{Accounts: []string{prod}}, 12, 28},
		"one region":      {events.Query{Regions: []string{ireland}}, 12, 31},
		"two days":        {events.Query{Since: now.AddDate(0, 0, -2).Truncate(24 * time.Hour)}, 8 + 8, 47},
		"one of all":      {events.Query{Accounts: []string{prod}, Regions: []string{ireland}, Until: time.Date(2026, 3, 10, 1, 0, 0, 0, time.UTC), Late: time.Hour}, 0, 15},
		"nothing of that": {events.Query{Accounts: []string{"999999999999"}}, 0, 5},
	}
	check := func(t *testing.T, p peer, queries map[string]query) {
		for name, tt := range queries {
			t.Run(name, func(t *testing.T) {
				a, err := Open(t.Context(), p.cfg, "s3://trail/some/prefix/")
				require.NoError(t, err)
				want, wantSum := read(t, events.NewArchive("folder", files), tt.q)
				got, sum := read(t, a, tt.q)
				assert.Equal(t, want, got)
				assert.Equal(t, wantSum, sum)
				assert.Equal(t, tt.fetched, a.Fetched.Load(), "files fetched")
				assert.Equal(t, int64(sum.Files.Read), a.Fetched.Load())
				if p.calls != nil {
					assert.Equal(t, int(tt.fetched), p.calls()["s3:GetObject"])
					assert.Equal(t, tt.listed, p.calls()["s3:ListBucket"])
				}
			})
		}
	}
	for name, one := range queries { // the embedded account counts calls from its start
		p, _, _ := embedded(t, files)
		check(t, p, map[string]query{name: one})
	}
	_, s := read(t, events.NewArchive("folder", files), events.Query{})
	require.Len(t, s.Problems, 9, "the bad files are in the comparison: %v", s.Problems)
	t.Run("moto", func(t *testing.T) {
		if testing.Short() {
			t.Skip("asks a second server the same; left out by -short")
		}
		p := moto(t, files)
		check(t, p, queries)
		t.Run("signature", func(t *testing.T) {
			_, err := p.client().PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("trail"), Key: aws.String("digest"),
				Body: strings.NewReader("{}"), Metadata: map[string]string{"signature": "abc", "signature-algorithm": "SHA256withRSA"}})
			require.NoError(t, err)
			a, err := Open(t.Context(), p.cfg, "s3://trail")
			require.NoError(t, err)
			f, err := a.FS(t.Context()).Open("digest")
			require.NoError(t, err)
			assert.Equal(t, "abc", f.(*object).Metadata()["signature"])
			require.NoError(t, f.Close())
			_, err = a.FS(t.Context()).Open("nothing")
			require.ErrorIs(t, err, fs.ErrNotExist)
		})
	})
}

// TestRefused: what may not be listed or fetched is named with the missing action,
// and the rest is read.
func TestRefused(t *testing.T) {
	files := generated(t)
	log := "AWSLogs/o-abc/" + prod + "/CloudTrail/" + ireland + "/2026/03/10/" + prod + "_CloudTrail_eu-west-1_20260310T1000Z_0.json.gz"
	p, server, _ := embedded(t, files)
	a, err := Open(t.Context(), p.cfg, "s3://trail/some/prefix")
	require.NoError(t, err)
	server.SetFaults(fake.Fault{Operation: "GetObject", Resource: "*" + log, Kind: fake.Deny})
	list, s := read(t, a, events.Query{Accounts: []string{prod}})
	assert.Len(t, list, 11)
	require.Len(t, s.Problems, 1)
	assert.Equal(t, events.Problem{File: log, Kind: events.KindOpen, Detail: "s3:GetObject is denied: allow it", Place: -1, Action: "s3:GetObject"}, s.Problems[0])
	assert.Equal(t, &model.Unknown{Reason: model.ReasonAccessDenied, Action: "s3:GetObject", Detail: log + ": s3:GetObject is denied: allow it"}, s.Scopes[0].Gap)
	assert.Nil(t, s.Scopes[1].Gap)

	server.SetFaults(fake.Fault{Operation: "ListBucket", Kind: fake.Deny})
	_, err = Open(t.Context(), p.cfg, "s3://trail/some/prefix")
	require.ErrorContains(t, err, "s3:ListBucket on the bucket trail is denied: allow it (keyproof permissions --events s3://trail prints the policy)")
	_, err = a.Read(t.Context(), events.Query{}, func(*model.Event) error { return nil })
	require.ErrorContains(t, err, "s3:ListBucket is denied")
	server.SetFaults()
	_, err = Open(t.Context(), p.cfg, "s3://other")
	require.ErrorContains(t, err, "the bucket other does not exist")
	for _, name := range []string{"trail", "s3://", "s3:///x", "s3://trail/a/../b", "s3://trail/a//b"} {
		_, err = Open(t.Context(), p.cfg, name)
		require.Error(t, err, name)
	}

	// A part of the account that may not be listed.
	server.SetFaults(fake.Fault{Operation: "ListBucket", Kind: fake.BreakServer, Count: 1})
	a.Fetched.Store(0)
	_, err = a.Read(t.Context(), events.Query{}, func(*model.Event) error { return nil })
	require.ErrorContains(t, err, "InternalFailure")
}

// TestOddKeys: keys that no file system can show are told, not dropped.
func TestOddKeys(t *testing.T) {
	p, _, w := embedded(t, fstest.MapFS{})
	for _, key := range []string{"log/", "log/a.json", "log//b.json", "log/../c.json", "log/d/e.json"} {
		require.NoError(t, w.PutObject("trail", key, []byte(`{"Records":[`+record(key, prod, ireland, now)+`]}`), nil))
	}
	a, err := Open(t.Context(), p.cfg, "s3://trail")
	require.NoError(t, err)
	list, s := read(t, a, events.Query{})
	assert.Equal(t, []event{{"log/a.json", 0, "log/a.json"}, {"log/d/e.json", 0, "log/d/e.json"}}, list)
	require.Len(t, s.Problems, 1)
	assert.Contains(t, s.Problems[0].Detail, `the key "log//" has an empty folder`)
	assert.Equal(t, "s3://trail/", a.Name())
}

// TestManyKeys: folders of more than one page.
func TestManyKeys(t *testing.T) {
	p, _, w := embedded(t, fstest.MapFS{})
	for i := range 2500 {
		require.NoError(t, w.PutObject("trail", fmt.Sprintf("a/%04d.json", i), []byte(`{"Records":[]}`), nil))
		require.NoError(t, w.PutObject("trail", fmt.Sprintf("b/%04d/x", i), nil, nil))
	}
	a, err := Open(t.Context(), p.cfg, "s3://trail")
	require.NoError(t, err)
	fsys := a.FS(t.Context())
	files, err := fs.ReadDir(fsys, "a")
	require.NoError(t, err)
	assert.Len(t, files, 2500)
	folders, err := fs.ReadDir(fsys, "b")
	require.NoError(t, err)
	assert.Len(t, folders, 2500)
	assert.True(t, folders[0].IsDir())
	for name, want := range map[string]string{"a/0001.json": "file", "b/0001": "folder", "a/1": "nothing", "a/0001": "nothing"} {
		info, err := fs.Stat(fsys, name)
		switch {
		case want == "nothing":
			require.ErrorIs(t, err, fs.ErrNotExist, name)
		default:
			require.NoError(t, err)
			assert.Equal(t, want == "folder", info.IsDir())
		}
	}
}

// breaking breaks transfers off after some bytes.
type breaking struct {
	client
	bytes  int64
	ranges []string
	other  bool // it is another object when it is asked for again
}

func (b *breaking) GetObject(ctx context.Context, in *s3.GetObjectInput, o ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	b.ranges = append(b.ranges, aws.ToString(in.Range))
	if b.other && in.IfMatch != nil {
		in.IfMatch = aws.String(`"other"`)
	}
	out, err := b.client.GetObject(ctx, in, o...)
	if err == nil && aws.ToInt64(out.ContentLength) > b.bytes {
		out.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(io.LimitReader(out.Body, b.bytes), broken{}), out.Body}
	}
	return out, err
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset by peer") }

// TestResume: a transfer that breaks off goes on where it was, and not with another
// version of the file.
func TestResume(t *testing.T) {
	p, _, w := embedded(t, fstest.MapFS{})
	text := bytes.Repeat([]byte("0123456789"), 25)
	require.NoError(t, w.PutObject("trail", "f", text, map[string]string{"signature": "abc"}))
	a, err := Open(t.Context(), p.cfg, "s3://trail")
	require.NoError(t, err)
	inner := a.client

	b := &breaking{client: inner, bytes: 100}
	a.client = b
	f, err := a.FS(t.Context()).Open("f")
	require.NoError(t, err)
	got, err := io.ReadAll(f)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	assert.Equal(t, text, got)
	assert.Equal(t, []string{"", "bytes=100-", "bytes=200-"}, b.ranges)
	assert.Equal(t, map[string]string{"signature": "abc"}, f.(interface{ Metadata() map[string]string }).Metadata())

	a.client = &breaking{client: inner, bytes: 100, other: true}
	_, err = fs.ReadFile(a.FS(t.Context()), "f")
	require.ErrorContains(t, err, "PreconditionFailed")
	a.client = &breaking{client: inner, bytes: 0}
	_, err = fs.ReadFile(a.FS(t.Context()), "f")
	require.ErrorContains(t, err, "the transfer broke off after 0 of 250 bytes, 5 times: check the network")
}

// TestInterrupt stops in the middle of a slow archive.
func TestInterrupt(t *testing.T) {
	p, server, _ := embedded(t, generated(t))
	a, err := Open(t.Context(), p.cfg, "s3://trail/some/prefix")
	require.NoError(t, err)
	server.SetFaults(fake.Fault{Operation: "GetObject", Kind: fake.Delay, Delay: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	start := time.Now()
	_, err = a.Read(ctx, events.Query{}, func(*model.Event) error { return nil })
	require.ErrorIs(t, err, context.Canceled)
	assert.Less(t, time.Since(start), 10*time.Second)
}

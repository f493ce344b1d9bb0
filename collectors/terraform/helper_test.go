package terraform

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/model"
)

func now() time.Time { return time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC) }

// sentinel stands in every value that must not be kept.
const sentinel = "SENTINEL"

// seeing says of a value that it is a credential if it has the sentinel.
type seeing struct{}

func (seeing) Classify(name, value string) []model.Credential {
	if strings.Contains(value, sentinel) {
		return []model.Credential{{Rule: "seen", Title: "seen"}}
	}
	return nil
}

func options() Options {
	return Options{Name: "plan.json", TakenAt: now(), Tool: "test", Detector: seeing{}}
}

// fixture reads a plan that terraform made, with the source beside it.
func fixture(t *testing.T, dir, name string) *collectors.Proposal {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", dir, name))
	require.NoError(t, err)
	defer file.Close()
	o := options()
	o.Source = os.DirFS(filepath.Join("testdata", dir))
	p, err := Read(t.Context(), file, o)
	require.NoError(t, err)
	return p
}

// rows are the resources of a snapshot by address.
type rows map[string]*model.Resource

func of(t *testing.T, s *model.Snapshot) rows {
	t.Helper()
	require.NotNil(t, s)
	all := rows{}
	var last *model.Resource
	for r, err := range s.Resources {
		require.NoError(t, err)
		require.NotContains(t, all, r.ID.ID)
		if last != nil {
			require.Negative(t, last.ID.Compare(r.ID), "sorted")
		}
		all[r.ID.ID], last = r, r
		raw, err := json.Marshal(r)
		require.NoError(t, err)
		require.NotContains(t, string(raw), sentinel)
	}
	return all
}

func (r rows) addresses() []string { return slices.Sorted(maps.Keys(r)) }

// body is the body of a resource, of the type that is expected.
func body[B model.Body](t *testing.T, r rows, address string) B {
	t.Helper()
	require.Contains(t, r, address)
	b, ok := r[address].Body.(B)
	require.True(t, ok, "%T", r[address].Body)
	return b
}

// ref is what a resource refers to, or "none", or the reason why that is unknown.
func (r rows) ref(address, role string) string {
	v, ok := r[address].Refs[role]
	if !ok {
		return "not set"
	}
	to, known := v.Get()
	switch {
	case known:
		return to.ID
	case v.State() == model.StateAbsent:
		return "none"
	default:
		return string(v.Why().Reason)
	}
}

// show is a value as JSON, "none", or the reason why it is unknown.
func show(a model.Attribute) string {
	switch a.State() {
	case model.StateKnown:
		raw, err := a.MarshalJSON()
		if err != nil {
			return err.Error()
		}
		return string(raw)
	case model.StateAbsent:
		return "none"
	default:
		return string(a.Why().Reason)
	}
}

// attribute is one attribute of a resource as show writes it.
func (r rows) attribute(t *testing.T, address, name string) string {
	t.Helper()
	require.Contains(t, r, address)
	for n, a := range r[address].Attributes() {
		if n == name {
			return show(a)
		}
	}
	t.Fatalf("there is no attribute %s", name)
	return ""
}

// change is one resource of a plan that is written by hand.
type change struct {
	address string // with its type: aws_kms_key.k[0]
	actions string // create where it is empty
	before  string // JSON
	after   string
	unknown string
	hidden  string // of both
	config  string // expressions, JSON
	also    string // another resource of the configuration
}

// written is a plan of some changes.
func written(changes ...change) string {
	var list, config []string
	seen := map[string]bool{}
	for _, c := range changes {
		_, rest := moduleOf(c.address)
		local := withoutKeys(rest)
		kind, mode := strings.SplitN(local, ".", 2)[0], "managed"
		if kind == "data" {
			kind, mode = strings.SplitN(local, ".", 3)[1], "data"
		}
		or := func(s, other string) string {
			if s == "" {
				return other
			}
			return s
		}
		quoted, _ := json.Marshal(c.address)
		list = append(list, `{"address":`+string(quoted)+`,"mode":"`+mode+`","type":"`+kind+`","change":{"actions":["`+
			strings.ReplaceAll(or(c.actions, "create"), " ", `","`)+`"],"before":`+or(c.before, "null")+`,"after":`+or(c.after, "{}")+
			`,"after_unknown":`+or(c.unknown, "{}")+`,"before_sensitive":`+or(c.hidden, "{}")+`,"after_sensitive":`+or(c.hidden, "{}")+`}}`)
		if c.also != "" {
			config = append(config, c.also)
		}
		if !seen[local] {
			seen[local] = true
			config = append(config, `{"address":"`+local+`","mode":"`+mode+`","type":"`+kind+`","provider_config_key":"aws","expressions":`+or(c.config, "{}")+`}`)
		}
	}
	return `{"format_version":"1.2","planned_values":{},"resource_changes":[` + strings.Join(list, ",") + `],"configuration":{"provider_config":{"aws":{"name":"aws",` +
		`"expressions":{"region":{"constant_value":"eu-west-1"}}}},"root_module":{"resources":[` + strings.Join(config, ",") + `]}}}`
}

func after(t *testing.T, plan string) rows {
	t.Helper()
	p, err := Read(t.Context(), strings.NewReader(plan), options())
	require.NoError(t, err, plan)
	return of(t, p.After)
}

func source(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

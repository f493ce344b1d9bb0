package terraform

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const smallest = `{"format_version":"1.2","planned_values":{}}`

// TestRefused: what is wrong, where, and what to do about it.
func TestRefused(t *testing.T) {
	for input, says := range map[string]string{
		"":                           "it is empty: run `terraform show -json",
		"  \n":                       "it is empty",
		"PK\x03\x04abc":              "this is a saved plan, not JSON: run `terraform show -json",
		"resource \"a\" \"b\" {}":    "does not begin as JSON",
		"[1]":                        "does not begin as JSON",
		"{\n\"format_version\": \n}": "line 3",
		smallest[:20]:                "is it cut off",
		smallest + "Note: done":      "line 1",
		"{\"a\":\"\x00\"}":           "NUL",
		"{\"a\":\"\xff\"}":           "not UTF-8",
		`{"a":1}`:                    "format version is missing",
		`{"format_version":"2.0","planned_values":{}}`:                                       "unsupported plan format version",
		`{"format_version":"nonsense","planned_values":{}}`:                                  "invalid format version",
		`{"format_version":"2.0","values":{}}`:                                               "unsupported state format version",
		`{"version":4,"lineage":"x","serial":3,"resources":[]}`:                              "run `terraform show -json > state.json`",
		`{"format_version":"1.2","provider_schemas":{}}`:                                     "says nothing of resources",
		`{"format_version":"1.2","planned_values":{},` + "\n" + `"planned_values":{}}`:       `line 2: the name "planned_values" is there twice`,
		strings.Repeat(`{"a":`, 100_000):                                                     "nested more than",
		`{"format_version":"1.2","planned_values":` + strings.Repeat("[", 2_000_000) + "\n}": "nested more than",
	} {
		_, err := Read(t.Context(), strings.NewReader(input), options())
		assert.ErrorContains(t, err, says)
		assert.ErrorContains(t, err, "read plan.json: ")
	}
}

func TestEncodings(t *testing.T) {
	text := written(change{address: secretType + ".s", after: `{"name":"ü😀"}`})
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		var wide bytes.Buffer
		require.NoError(t, binary.Write(&wide, order, append([]uint16{0xfeff}, utf16.Encode([]rune(text))...)))
		p, err := Read(t.Context(), &wide, options())
		require.NoError(t, err)
		assert.Equal(t, `"ü😀"`, of(t, p.After).attribute(t, secretType+".s", "name"))
	}
	assert.Contains(t, after(t, "\xef\xbb\xbf"+text), secretType+".s")
	for _, odd := range []string{"\xff\xfe", "\xff\xfe{", "\xff\xfe\x00\xd8", "\xfe\xff\xd8\x00\x00"} {
		_, err := Read(t.Context(), strings.NewReader(odd), options())
		assert.Error(t, err)
	}
}

func TestSniff(t *testing.T) {
	for name, want := range map[string]bool{"testdata/new/plan.json": true, "testdata/change/state.json": true, "testdata/new/main.tf": false} {
		raw, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Equal(t, want, Sniff(raw[:200]), name)
	}
	assert.False(t, Sniff([]byte(`{"AWSTemplateFormatVersion":"2010-09-09"}`)))
	assert.False(t, Sniff(nil))
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Read(ctx, strings.NewReader(smallest), options())
	assert.ErrorIs(t, err, context.Canceled)
}

// TestCircles: references that go in circles come to an end.
func TestCircles(t *testing.T) {
	r := after(t, `{"format_version":"1.2","planned_values":{},"resource_changes":[
		{"address":"aws_secretsmanager_secret.s","mode":"managed","type":"aws_secretsmanager_secret","change":{"actions":["create"],"after":{},"after_unknown":{"kms_key_id":true}}}],
		"configuration":{"root_module":{"resources":[{"address":"aws_secretsmanager_secret.s","type":"aws_secretsmanager_secret",
			"expressions":{"kms_key_id":{"references":["module.a.x","module.a","module.a.y"]}}}],
		"module_calls":{"a":{"expressions":{"v":{"references":["module.a.x","module.a"]}},"module":{"outputs":{
			"x":{"expression":{"references":["var.v","var.v","module.b.z","module.b"]}},"y":{"expression":{"references":["var.v"]}}},
			"module_calls":{"b":{"module":{"outputs":{"z":{"expression":{"references":["module.b.z"]}}}}}}}}}}}}`)
	assert.Equal(t, "after_apply", r.ref("aws_secretsmanager_secret.s", "key"))
}

// FuzzRead: any input is read or refused, without a panic.
func FuzzRead(f *testing.F) {
	// Small ones, which the fuzzer can take apart.
	for _, c := range attributeCases() {
		f.Add([]byte(written(c.plan...)))
	}
	f.Add([]byte(smallest))
	f.Add([]byte("\xff\xfe{\x00}\x00"))
	f.Add([]byte(`{"format_version":"1.2","resource_changes":[{"address":"module.a[\"x.\\\"]\"].data.aws_kms_key.k[","type":"aws_kms_key","change":{"actions":["create"],"after":{"arn":"a"}}}],"planned_values":3}`))
	f.Add([]byte(written(change{address: "aws_kms_key.k", unknown: laterID}, change{address: secretType + ".s", unknown: `{"kms_key_id":true}`, config: refersToKey})))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := Read(t.Context(), bytes.NewReader(raw), options())
		if err != nil {
			return
		}
		for r, err := range p.After.Resources {
			if err != nil || r.ID.Kind == "" || r.Body == nil {
				t.Fatalf("%v %v", r, err)
			}
		}
	})
}

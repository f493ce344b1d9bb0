package model

import (
	"reflect"
	"strings"
	"time"
)

// AttributeSchema is the JSON schema of a kind's attributes: the properties of
// input.resource in a rule and of "attributes" in a snapshot.
func AttributeSchema(k Kind) map[string]any {
	props := map[string]any{}
	for _, f := range Fields(k) {
		s := TypeSchema(f.Type)
		if f.Doc != "" {
			s["description"] = f.Doc
		}
		props[f.Name] = s
	}
	return map[string]any{"type": "object", "properties": props, "additionalProperties": false}
}

// TypeSchema is the JSON schema of a Go type as encoding/json writes it. It
// knows what the model uses: strings, booleans, integers, times, slices, maps
// with string keys, and structs of these.
func TypeSchema(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return TypeSchema(t.Elem())
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": TypeSchema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": TypeSchema(t.Elem())}
	case reflect.Struct:
		return structSchema(t)
	default:
		return map[string]any{}
	}
}

func structSchema(t reflect.Type) map[string]any {
	props, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		props[name] = TypeSchema(f.Type)
		if !strings.Contains(opts, "omitempty") {
			required = append(required, name)
		}
	}
	return closed(props, required...)
}

// SnapshotSchema is the JSON schema (draft 2020-12) of one line of a saved
// snapshot: the header, a resource, an event, or the end.
func SnapshotSchema() map[string]any {
	resources := make([]any, 0, len(Kinds()))
	for _, k := range Kinds() {
		resources = append(resources, resourceSchema(k))
	}
	unknown := structSchema(reflect.TypeFor[Unknown]())
	header := structSchema(reflect.TypeFor[Header]())
	props := header["properties"].(map[string]any)
	props["keyproof_snapshot"] = map[string]any{"const": SnapshotVersion}
	header["required"] = append([]string{"keyproof_snapshot"}, header["required"].([]string)...)
	count := map[string]any{"type": "integer", "minimum": 0}
	end := closed(map[string]any{"resources": count, "events": count}, "resources")
	return map[string]any{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"title":       "One line of a keyproof snapshot",
		"description": "A snapshot is NDJSON compressed with zstd: a header, the resources in the order of account, region, kind and id, the events of CloudTrail that were read, and an end.",
		"oneOf":       append([]any{header, eventSchema(), closed(map[string]any{"end": end}, "end")}, resources...),
		"$defs":       map[string]any{"unknown": unknown, "id": structSchema(reflect.TypeFor[ResourceID]())},
	}
}

func resourceSchema(k Kind) map[string]any {
	attributes := AttributeSchema(k)
	// Null is known absence; an attribute that is not there was not collected.
	for _, p := range attributes["properties"].(map[string]any) {
		p := p.(map[string]any)
		p["type"] = []any{p["type"], "null"}
	}
	unknown := map[string]any{"$ref": "#/$defs/unknown"}
	// Neither member: it is known to refer to nothing.
	ref := closed(map[string]any{"to": map[string]any{"$ref": "#/$defs/id"}, "unknown": unknown})
	ref["maxProperties"] = 1
	text := map[string]any{"type": "string"}
	return closed(map[string]any{
		"kind": map[string]any{"const": k}, "account": text, "region": text, "id": text, "name": text,
		"origin":     structSchema(reflect.TypeFor[Origin]()),
		"aka":        map[string]any{"type": "array", "items": text},
		"refs":       map[string]any{"type": "object", "additionalProperties": ref},
		"attributes": attributes,
		"unknown":    map[string]any{"type": "object", "additionalProperties": unknown},
	}, "kind", "account", "region", "id", "name", "attributes")
}

func closed(props map[string]any, required ...string) map[string]any {
	s := map[string]any{"type": "object", "properties": props, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

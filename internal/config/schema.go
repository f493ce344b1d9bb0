package config

import (
	"encoding/json"
	"reflect"
)

// Schema is the JSON schema of the file, for editors. Whatever it refuses the
// reader refuses too; the reader knows more, such as that a waiver cannot expire
// before it is created.
func Schema() ([]byte, error) {
	s := schemaOf(reflect.TypeFor[document]())
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "keyproof.yaml"
	s["description"] = "The configuration of keyproof."
	raw, err := json.MarshalIndent(s, "", "  ")
	return append(raw, '\n'), err
}

func schemaOf(t reflect.Type) map[string]any {
	if s, ok := reflect.New(t).Interface().(scalar); ok {
		return s.schema()
	}
	// Contents may be commented out, which leaves null.
	switch t.Kind() {
	case reflect.Slice:
		return map[string]any{"type": []string{"array", "null"}, "items": schemaOf(t.Elem())}
	case reflect.Map:
		return map[string]any{
			"type": []string{"object", "null"}, "additionalProperties": schemaOf(t.Elem()), "propertyNames": schemaOf(t.Key()),
		}
	default:
		return members(t)
	}
}

func members(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type == reflect.TypeFor[line]() {
			continue
		}
		name := f.Tag.Get("key")
		of := schemaOf(f.Type)
		of["description"] = f.Tag.Get("doc")
		if f.Tag.Get("some") != "" {
			of["type"], of["minProperties"] = "object", 1
		}
		if f.Tag.Get("must") != "" {
			required = append(required, name)
		}
		properties[name] = of
	}
	s := map[string]any{"type": []string{"object", "null"}, "additionalProperties": false, "properties": properties}
	if demanding(t) {
		s["required"] = required
		s["type"] = "object"
	}
	return s
}

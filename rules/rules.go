// Package rules holds the rules of keyproof as files: one Rego file a rule, its
// tests beside it, the libraries that rules share, and the controls that rules
// are evidence for. It only carries them; package evaluator reads them.
//
//	lib/<name>.rego               package lib.<name>
//	<service>/<name>.rego         package rules.<service>.<name>: one rule
//	<service>/<name>_test.rego    its tests
//	controls/<framework>.yaml     the controls of a framework
//
// A rule judges one resource by input.resource, input.related and input.params
// and says nothing about where the resource came from. Its METADATA is all that
// is known of it elsewhere: ids are permanent and never reused.
package rules

import (
	"embed"
	"io/fs"
)

// files is written by the compiler only. A new service needs no wiring: any
// folder counts.
//
//go:embed */*.rego controls/*.yaml
var files embed.FS

// FS returns the files of this folder, tests included.
func FS() fs.FS { return files }

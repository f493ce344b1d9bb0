package terraform

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keyproof/keyproof/internal/inlinewaiver"
	"github.com/keyproof/keyproof/model"
)

// comments finds the waivers of a file, each inside the block of a resource or
// right above it, with nothing but comments between.
func (s *sources) comments(o Options, module, name string, tokens hclsyntax.Tokens, blocks []extent) (errs []error) {
	commented := map[int]bool{}
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenComment {
			for line := t.Range.Start.Line; line <= t.Range.Start.Line+strings.Count(strings.TrimSuffix(string(t.Bytes), "\n"), "\n"); line++ {
				commented[line] = true
			}
		}
	}
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenComment {
			continue
		}
		for _, text := range inlinewaiver.Find(string(t.Bytes)) {
			line := t.Range.Start.Line + text.Line
			w, err := inlinewaiver.Parse(text.Rest, o.WithoutExpiry)
			local := beside(line, commented, blocks)
			if err == nil && local == "" {
				err = errors.New("the waiver belongs to no resource: write it into the block of one, or right above it")
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("%s:%d: %w", name, line, err))
				continue
			}
			w.Origin = model.Origin{File: name, Line: line, Syntax: model.SyntaxHCL}
			s.waived = append(s.waived, waived{w, module, local})
		}
	}
	return errs
}

// beside is the resource that a comment in a line belongs to.
func beside(line int, commented map[int]bool, blocks []extent) string {
	for _, b := range blocks {
		if b.first <= line && line <= b.last {
			return b.local
		}
	}
	for commented[line] {
		line++
	}
	for _, b := range blocks {
		if b.first == line {
			return b.local
		}
	}
	return ""
}

// origin is where a block is written, as far as that is known.
func (s *sources) origin(b *block) model.Origin {
	o := s.lines[withoutKeys(b.module)+"|"+b.local]
	if o.File == "" {
		o.File = s.name
	}
	o.Address, o.Syntax = b.address, model.SyntaxHCL
	return o
}

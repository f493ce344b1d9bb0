package cloudformation

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/keyproof/keyproof/internal/inlinewaiver"
	"github.com/keyproof/keyproof/model"
)

// waivers reads the comments that waive a rule for a resource: above its block,
// on the block's first line, or inside. JSON has no comments.
func (r *reader) waivers(data []byte) ([]model.Waiver, error) {
	if !bytes.Contains(data, []byte(inlinewaiver.Marker)) {
		return nil, nil
	}
	lines := strings.Split(string(data), "\n")
	scripts := blockScalars(r.root, lines)
	var list []model.Waiver
	var errs []error
	for i, text := range lines {
		comment, ok := commentOf(text)
		if !ok || scripts[i+1] {
			continue
		}
		w, err := inlinewaiver.Parse(comment, r.o.WaiversWithoutExpiry)
		if err != nil {
			errs = append(errs, r.errorf(i+1, "%s", err))
			continue
		}
		about := r.waived(lines, i)
		if len(about) == 0 {
			errs = append(errs, r.errorf(i+1, "the waiver stands at no resource: put it into the block of a resource or on the line above"))
		}
		for _, id := range about {
			w.Where, w.Origin = model.Where{Resource: id}, model.Origin{File: r.file, Line: i + 1}
			list = append(list, w)
		}
	}
	return list, errors.Join(errs...)
}

// commentOf returns what follows the marker of a waiver in the comment of a line.
func commentOf(line string) (string, bool) {
	at := strings.Index(line, inlinewaiver.Marker)
	if at < 0 {
		return "", false
	}
	before := strings.TrimRight(line[:at], " \t")
	if !strings.HasSuffix(before, "#") {
		return "", false
	}
	sign := strings.TrimRight(before, "#")
	if sign != "" && !strings.HasSuffix(sign, " ") && !strings.HasSuffix(sign, "\t") {
		return "", false // a # within a word begins no comment
	}
	return strings.TrimSpace(line[at+len(inlinewaiver.Marker):]), true
}

// blockScalars are the lines that belong to texts in literal or folded style: a
// script in UserData has comments of its own.
func blockScalars(n *yaml.Node, lines []string) map[int]bool {
	inside := map[int]bool{}
	var walk func(*yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			indent := -1
			for l := n.Line + 1; l <= len(lines); l++ {
				text := strings.TrimRight(lines[l-1], " \r")
				if text == "" {
					continue
				}
				have := len(text) - len(strings.TrimLeft(text, " "))
				if indent < 0 {
					indent = have
				}
				if have < indent {
					break
				}
				inside[l] = true
			}
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(n)
	return inside
}

// waived returns the IDs of the resources that a comment in a line is about. A
// block that is about another resource stands for that one.
func (r *reader) waived(lines []string, at int) []string {
	line := at + 1
	if strings.HasPrefix(strings.TrimSpace(lines[at]), "#") {
		next := at + 1
		for next < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[next]), "#") {
			next++
		}
		if r.startsAt(next + 1) {
			line = next + 1
		}
	}
	start, section := 0, member(r.root, "Resources")
	for i := 0; i < len(section.Content); i += 2 {
		if section.Content[i].Line <= line {
			start = section.Content[i].Line
		}
	}
	for i := 0; i < len(r.root.Content); i += 2 {
		if after := r.root.Content[i].Line; after <= line && after > start {
			return nil // another section
		}
	}
	var ids []string
	add := func(id string) {
		for _, out := range r.out {
			if out.Origin.Address == id && !slices.Contains(ids, out.ID.ID) {
				ids = append(ids, out.ID.ID)
			}
		}
	}
	for _, res := range r.resources {
		if start == 0 || res.line != start {
			continue
		}
		add(res.id)
		for _, blocks := range []attached{r.rotations, r.secretPolicies, r.aliases, r.permissions, r.attachments} {
			for id, list := range blocks.by {
				if slices.Contains(list, res) {
					add(id)
				}
			}
		}
	}
	return ids
}

func (r *reader) startsAt(line int) bool {
	return slices.ContainsFunc(r.resources, func(res *resource) bool { return res.line == line })
}

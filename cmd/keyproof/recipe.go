package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/internal/memfs"
	"github.com/keyproof/keyproof/model"
	"github.com/keyproof/keyproof/rules"
)

// recipe is all beside a snapshot that decides what a report says: the sources of
// the rules and what was set of them. It is kept with a run, so that the run can
// be judged again by whoever doubts it, also when the rules have changed since.
type recipe struct {
	settings recipeSettings
	files    map[string][]byte // rules and controls, by path; ours below ours/, users' below user-1/, …
}

// recipeName is the file of the settings, beside the folders of the files.
const recipeName = "settings.json"

// recipeSettings are the written form of evaluator.Options.
type recipeSettings struct {
	Frameworks []evaluator.Choice                 `json:"frameworks,omitempty"`
	Only       []model.RuleID                     `json:"only,omitempty"`
	Params     map[model.RuleID]map[string]string `json:"params,omitempty"`
	Overrides  map[model.RuleID][]model.Override  `json:"overrides,omitempty"`
	Off        map[model.RuleID]model.Off         `json:"off,omitempty"`
	Waivers    []model.Waiver                     `json:"waivers,omitempty"`
	Users      []recipeSource                     `json:"users,omitempty"`
}

// recipeSource is a source of users' rules.
type recipeSource struct {
	Name   string `json:"name"`             // as messages call it
	Folder string `json:"folder,omitempty"` // of its files; empty when it could not be read
	Error  string `json:"error,omitempty"`  // why it could not be read
}

const oursFolder = "ours"

// recipe returns what load judges with.
func (o *judgeOptions) recipe() (*recipe, error) {
	r := &recipe{files: map[string][]byte{}, settings: recipeSettings{
		Frameworks: o.loaded.Settings.Frameworks, Only: o.loaded.Only, Params: o.loaded.Params, Overrides: o.loaded.Settings.Overrides,
		Off: o.loaded.Settings.Off, Waivers: o.loaded.Settings.Waivers,
	}}
	if err := r.take(oursFolder, rules.FS()); err != nil {
		return nil, err
	}
	for i, u := range o.loaded.Users {
		source := recipeSource{Name: u.Name}
		if u.Err != nil {
			source.Error = u.Err.Error()
		} else {
			source.Folder = fmt.Sprintf("user-%d", i+1)
			if err := r.take(source.Folder, u.Files); err != nil {
				return nil, fmt.Errorf("keep the rules of %s: %w", u.Name, err)
			}
		}
		r.settings.Users = append(r.settings.Users, source)
	}
	return r, nil
}

// take keeps the files that judge: rules, libraries and controls, and not the
// tests of rules.
func (r *recipe) take(folder string, from fs.FS) error {
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		judges := strings.HasSuffix(name, ".rego") && !strings.HasSuffix(name, "_test.rego") || strings.HasSuffix(name, ".yaml")
		if err != nil || d.IsDir() || !judges {
			return err
		}
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		r.files[path.Join(folder, name)] = data
		return nil
	})
}

// pack writes the recipe as files.
func (r *recipe) pack() (map[string][]byte, error) {
	settings, err := json.MarshalIndent(r.settings, "", "  ")
	if err != nil {
		return nil, err
	}
	files := maps.Clone(r.files)
	files[recipeName] = append(settings, '\n')
	return files, nil
}

// unpackRecipe reads what pack wrote.
func unpackRecipe(files map[string][]byte) (*recipe, error) {
	r := &recipe{files: maps.Clone(files)}
	settings, ok := r.files[recipeName]
	if !ok {
		return nil, fmt.Errorf("%s is missing", recipeName)
	}
	delete(r.files, recipeName)
	dec := json.NewDecoder(bytes.NewReader(settings))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	if err := dec.Decode(&r.settings); err != nil {
		return nil, fmt.Errorf("%s: %w", recipeName, err)
	}
	for id, list := range r.settings.Overrides {
		for _, o := range list {
			for name, value := range o.Set {
				typed, err := typedParam(value)
				if err != nil {
					return nil, fmt.Errorf("%s: %s.%s: %w", recipeName, id, name, err)
				}
				o.Set[name] = typed
			}
		}
	}
	return r, nil
}

// typedParam gives a parameter's value the type that it had before it was written.
func typedParam(v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		n, err := v.Int64()
		return int(n), err
	case []any:
		list := make([]string, len(v))
		for i, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, errors.New("not a list of texts")
			}
			list[i] = s
		}
		return list, nil
	case string, bool:
		return v, nil
	default:
		return nil, fmt.Errorf("%v is no value of a parameter", v)
	}
}

// judge compiles the rules of the recipe. None of them is trusted: they come from
// a file.
func (r *recipe) judge(ctx context.Context) (*evaluator.Judge, error) {
	s := &r.settings
	opts := evaluator.Options{Only: s.Only, Params: s.Params, Settings: evaluator.Settings{
		Frameworks: s.Frameworks, Overrides: s.Overrides, Off: s.Off, Waivers: s.Waivers,
	}}
	for _, u := range s.Users {
		source := evaluator.Source{Name: u.Name}
		if u.Folder == "" {
			source.Err = errors.New(cmp.Or(u.Error, "it could not be read"))
		} else {
			files, err := r.folder(u.Folder)
			if err != nil {
				return nil, err
			}
			source.Files = files
		}
		opts.Users = append(opts.Users, source)
	}
	ours, err := r.folder(oursFolder)
	if err != nil {
		return nil, err
	}
	return evaluator.New(ctx, opts, ours)
}

// archive is the recipe as one file. The same recipe gives the same bytes, so that
// a ledger stores it once.
func (r *recipe) archive() ([]byte, error) {
	files, err := r.pack()
	if err != nil {
		return nil, err
	}
	return memfs.Zip(files, zip.Deflate)
}

// openRecipe reads what archive wrote.
func openRecipe(archive []byte) (*recipe, error) {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		if files[f.Name], err = fs.ReadFile(z, f.Name); err != nil {
			return nil, err
		}
	}
	return unpackRecipe(files)
}

// folder is a file system of the files below a folder.
func (r *recipe) folder(name string) (fs.FS, error) {
	files := map[string][]byte{}
	for file, data := range r.files {
		if rest, ok := strings.CutPrefix(file, name+"/"); ok {
			files[rest] = data
		}
	}
	return memfs.New(files)
}

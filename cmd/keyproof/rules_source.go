package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/keyproof/keyproof/evaluator"
)

// userRules are the sources of rules that a user names.
func userRules(paths []string) ([]evaluator.Source, error) {
	var sources []evaluator.Source
	for _, path := range paths {
		source, err := userSource(path)
		if err != nil {
			return nil, err
		}
		source.Name = filepath.ToSlash(filepath.Clean(path)) + "/"
		sources = append(sources, source)
	}
	return sources, nil
}

// userSource opens a directory of rules, or an OPA bundle. An error means that
// the path is mistyped; a bundle that cannot be read is like a rule that does not
// load.
func userSource(path string) (evaluator.Source, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return evaluator.Source{}, usagef("rules in %w", withoutCall(err))
	case info.IsDir():
		return evaluator.Source{Files: os.DirFS(path)}, nil
	case !strings.HasSuffix(path, ".tar.gz") && !strings.HasSuffix(path, ".tgz"):
		return evaluator.Source{}, usagef("rules in %s: it is neither a directory nor an OPA bundle (.tar.gz); name the folder of a rule", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return evaluator.Source{}, usagef("rules in %w", withoutCall(err))
	}
	defer f.Close()
	files, err := evaluator.Bundle(f)
	return evaluator.Source{Files: files, Err: err}, nil
}

// withoutCall leaves the name of the system call out of an error about a path.
func withoutCall(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: %w", e.Path, e.Err)
	}
	return err
}

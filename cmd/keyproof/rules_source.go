package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/keyproof/keyproof/evaluator"
	"github.com/keyproof/keyproof/rules"
)

// ruleSources are our rules and those that the user names.
func ruleSources(paths []string) ([]evaluator.Source, error) {
	sources := []evaluator.Source{{Files: rules.FS()}}
	for _, path := range paths {
		files, err := ruleSource(path)
		if err != nil {
			return nil, err
		}
		sources = append(sources, evaluator.Source{Name: filepath.ToSlash(filepath.Clean(path)) + "/", Files: files})
	}
	return sources, nil
}

// ruleSource opens a directory of rules, or an OPA bundle.
func ruleSource(path string) (fs.FS, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, usagef("--rules: %w", err)
	case info.IsDir():
		return os.DirFS(path), nil
	case !strings.HasSuffix(path, ".tar.gz") && !strings.HasSuffix(path, ".tgz"):
		return nil, usagef("--rules %s: it is neither a directory nor an OPA bundle (.tar.gz)", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, usagef("--rules: %w", err)
	}
	defer f.Close()
	files, err := evaluator.Bundle(f)
	if err != nil {
		return nil, usageError{fmt.Errorf("--rules %s: %w", path, err)}
	}
	return files, nil
}

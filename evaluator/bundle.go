package evaluator

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"

	"github.com/keyproof/keyproof/internal/memfs"
)

// What a bundle may hold. Rules are small texts: anything near these limits is
// no bundle of rules.
const (
	bundlePacked   = 8 << 20  // bytes of the file
	bundleUnpacked = 32 << 20 // bytes of all that it holds
	bundleFile     = 1 << 20  // bytes of one file
)

// Bundle reads an OPA bundle (.tar.gz) as a source of rules. It holds Rego
// only: rules judge by their input, so a bundle with data, WebAssembly or plans
// is refused. Signatures are not verified: whoever names the file trusts it.
func Bundle(r io.Reader) (fs.FS, error) {
	packed, err := io.ReadAll(io.LimitReader(r, bundlePacked+1))
	if err != nil {
		return nil, fmt.Errorf("read bundle: %w", err)
	}
	if len(packed) > bundlePacked {
		return nil, fmt.Errorf("the bundle has more than %d MiB; rules are small texts", bundlePacked>>20)
	}
	if err := unpackedFits(packed); err != nil {
		return nil, err
	}
	b, err := bundle.NewReader(bytes.NewReader(packed)).WithSizeLimitBytes(bundleFile).WithSkipBundleVerification(true).
		WithRegoVersion(ast.RegoV1).WithLazyLoadingMode(false).Read()
	switch {
	case err != nil:
		return nil, fmt.Errorf("read bundle: %w", err)
	case len(b.Data) > 0:
		return nil, errors.New("the bundle holds data files; rules read their input only, so write what they need as parameters or in lib")
	case len(b.WasmModules) > 0 || len(b.PlanModules) > 0:
		return nil, errors.New("the bundle holds compiled policies; build it from Rego with `opa build -b DIR`")
	}
	files := map[string][]byte{}
	for _, m := range b.Modules {
		name := strings.TrimPrefix(m.Path, "/")
		if _, twice := files[name]; twice {
			return nil, fmt.Errorf("the bundle holds %s twice; build it anew with `opa build -b DIR`", name)
		}
		files[name] = m.Raw
	}
	return memfs.New(files)
}

// unpackedFits refuses a small file that unpacks to a huge one, which the reader
// of bundles limits for each file only.
func unpackedFits(packed []byte) error {
	gz, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("it is not a bundle (a .tar.gz file): %w", err)
	}
	n, err := io.Copy(io.Discard, io.LimitReader(gz, bundleUnpacked+1))
	switch {
	case err != nil:
		return fmt.Errorf("unpack the bundle: %w", err)
	case n > bundleUnpacked:
		return fmt.Errorf("the bundle unpacks to more than %d MiB; rules are small texts", bundleUnpacked>>20)
	}
	return nil
}

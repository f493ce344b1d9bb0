package reports

import (
	"fmt"
	"io"

	"github.com/keyproof/keyproof/internal/atomicfile"
	"github.com/keyproof/keyproof/model"
)

// WriteFile writes a report to a file: all of it, or nothing; see atomicfile.
func WriteFile(path string, format Format, r *model.Report, o Options) error {
	err := atomicfile.Write(path, func(w io.Writer) error { return format.Write(w, r, o) })
	if err != nil {
		return fmt.Errorf("%s report: %w", format.Name, err)
	}
	return nil
}

package reports

import (
	"errors"
	"io"

	"github.com/keyproof/keyproof/model"
)

// writePDF writes the html report as it prints. Who prints it comes with the
// Options: this package starts no program.
func writePDF(w io.Writer, r *model.Report, o Options) error {
	if o.Print == nil {
		return errors.New("nothing is there to print with: write html=report.html and print that in a browser")
	}
	return o.Print(w, func(page io.Writer) error { return writeHTML(page, r, o) })
}

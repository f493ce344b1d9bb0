package events

import (
	"errors"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// TextError is an error of what is in a file, by its kind.
type TextError struct {
	Kind   Kind
	Detail string
}

func (e *TextError) Error() string { return e.Detail }

// gzipError is the error of gzip data in our words; one of reading stays.
func gzipError(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &TextError{KindTruncated, "the file ends in the middle of its gzip data"}
	case errors.Is(err, gzip.ErrChecksum):
		return &TextError{KindGzip, "the text is not what the gzip checksum says"}
	}
	var corrupt flate.CorruptInputError
	var internal flate.InternalError
	if errors.Is(err, gzip.ErrHeader) || errors.As(err, &corrupt) || errors.As(err, &internal) {
		return &TextError{KindGzip, "the gzip data is damaged: " + err.Error()}
	}
	return err
}

package events

import (
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
)

// TextError is an error of what is in a file, by its kind.
type TextError struct {
	Kind   Kind
	Detail string
}

func (e *TextError) Error() string { return e.Detail }

func gzipError(err error, members int) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &TextError{KindTruncated, "the file ends in the middle of its gzip data"}
	case errors.Is(err, gzip.ErrChecksum):
		return &TextError{KindGzip, "the text is not what the gzip checksum says"}
	case errors.Is(err, gzip.ErrHeader) && members > 0:
		return &TextError{KindGzip, "after its gzip data the file goes on with something else"}
	default:
		var read interface{ Timeout() bool }
		if errors.As(err, &read) {
			return err
		}
		return &TextError{KindGzip, "the gzip data is damaged: " + err.Error()}
	}
}

package events

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// A file is a bomb when it grows to more than maxText, or by more than maxRatio
// once it is larger than freeText. Records of CloudTrail shrink to about a tenth,
// and a file full of the same record to a hundredth.
const (
	maxText  = 2 << 30
	freeText = 32 << 20
	maxRatio = 400
)

// Text is the text of a file of an archive: gzip, or plain where it does not
// begin like gzip and the name does not promise it. The zero Text is ready to be
// Reset.
type Text struct {
	in      counter
	br      *bufio.Reader
	z       *gzip.Reader
	plain   bool
	Size    int64 // bytes of text so far
	Members int   // gzip members so far
}

// counter counts what is read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// TextError is an error of what is in a file, by its kind.
type TextError struct {
	Kind   Kind
	Detail string
}

func (e *TextError) Error() string { return e.Detail }

// Reset begins to read a file of which only the name's end counts.
func (t *Text) Reset(r io.Reader, gz bool) error {
	t.in, t.Size, t.Members, t.plain = counter{r: r}, 0, 0, false
	if t.br == nil {
		t.br = bufio.NewReaderSize(&t.in, 64<<10)
	} else {
		t.br.Reset(&t.in)
	}
	magic, err := t.br.Peek(2)
	switch {
	case len(magic) == 0 && err == io.EOF:
		return &TextError{KindTruncated, "the file is empty"}
	case err != nil && err != io.EOF:
		return err
	case len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		return t.member()
	case gz:
		return &TextError{KindGzip, "the file is not gzip, though its name says so"}
	}
	t.plain = true
	return nil
}

// member begins the next gzip member.
func (t *Text) member() error {
	var err error
	if t.z == nil {
		t.z, err = gzip.NewReader(t.br)
	} else {
		err = t.z.Reset(t.br)
	}
	if err != nil {
		return gzipError(err, t.Members)
	}
	t.Members++
	t.z.Multistream(false)
	return nil
}

// Bytes is how much of the file was read.
func (t *Text) Bytes() int64 { return t.in.n }

// Read gives the text of all members.
func (t *Text) Read(p []byte) (int, error) {
	if t.plain {
		n, err := t.br.Read(p)
		t.Size += int64(n)
		return n, err
	}
	n, err := t.z.Read(p)
	t.Size += int64(n)
	if t.Size > maxText || t.Size > freeText && t.Size > maxRatio*t.in.n {
		return n, &TextError{KindBomb, fmt.Sprintf("%d MiB of text from %d KiB: no log of CloudTrail; what comes after was not read", t.Size>>20, (t.in.n+1023)>>10)}
	}
	switch {
	case err == nil:
		return n, nil
	case err != io.EOF:
		return n, gzipError(err, t.Members)
	}
	if _, err := t.br.Peek(1); err != nil {
		return n, err // the end, or that it cannot be read on
	}
	return n, t.member()
}

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

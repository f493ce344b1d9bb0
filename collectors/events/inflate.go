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
	br      *bufio.Reader // what gzip is quickest from
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

// Reset begins to read a file; gz says that its name promises gzip.
func (t *Text) Reset(r io.Reader, gz bool) error {
	t.clear()
	t.in.r = r
	if t.br == nil {
		t.br = bufio.NewReaderSize(&t.in, 64<<10)
	}
	t.br.Reset(&t.in)
	begin, err := t.br.Peek(2)
	switch {
	case len(begin) == 0 && err == io.EOF:
		return &TextError{KindTruncated, "the file is empty"}
	case err != nil && err != io.EOF:
		return err
	case string(begin) == "\x1f\x8b":
		return t.member()
	case gz:
		return &TextError{KindGzip, "the file is not gzip, though its name says so"}
	}
	t.plain = true
	return nil
}

// clear forgets the file, and keeps the memory.
func (t *Text) clear() { *t = Text{br: t.br, z: t.z} }

// member begins the next gzip member.
func (t *Text) member() error {
	var err error
	if t.z == nil {
		t.z, err = gzip.NewReader(t.br)
	} else {
		err = t.z.Reset(t.br)
	}
	switch {
	case (errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF)) && t.Members > 0:
		return &TextError{KindGzip, "after its gzip data the file goes on with something else"}
	case err != nil:
		return gzipError(err)
	}
	t.Members++
	t.z.Multistream(false)
	return nil
}

// Bytes is how much of the file was read.
func (t *Text) Bytes() int64 {
	if t.br == nil {
		return 0
	}
	return t.in.n - int64(t.br.Buffered())
}

// Read gives the text of all members.
func (t *Text) Read(p []byte) (int, error) {
	if t.plain {
		n, err := t.br.Read(p)
		t.Size += int64(n)
		return n, err
	}
	n, err := t.z.Read(p)
	t.Size += int64(n)
	if t.Size > maxText || t.Size > freeText && t.Size > maxRatio*t.Bytes() {
		return n, &TextError{KindBomb, fmt.Sprintf("%d MiB of text from %d KiB: no log of CloudTrail; what comes after was not read", t.Size>>20, (t.Bytes()+1023)>>10)}
	}
	switch {
	case err == nil:
		return n, nil
	case err != io.EOF:
		return n, gzipError(err)
	}
	if _, err = t.br.Peek(1); err != nil {
		return n, err // the end, or that it cannot be read on
	}
	return n, t.member()
}

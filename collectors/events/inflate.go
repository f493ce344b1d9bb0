package events

import (
	"bufio"
	"bytes"
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
	// A small file is read at once, since gzip is quicker from memory.
	small   []byte
	mem     bytes.Reader
	in      counter // what a large file is read through
	br      *bufio.Reader
	large   bool
	z       *gzip.Reader
	plain   bool
	Size    int64 // bytes of text so far
	Members int   // gzip members so far
}

// maxSmall is how large a small file is. Files of CloudTrail are rarely larger.
const maxSmall = 2 << 20

// source is where the file comes from.
type source interface {
	io.Reader
	io.ByteReader
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

// Reset begins to read a file; gz says that its name promises gzip.
func (t *Text) Reset(r io.Reader, gz bool) error {
	t.clear()
	n, err := t.fill(r)
	t.mem.Reset(t.small[:n])
	switch {
	case err == nil: // there may be more
		t.large, t.in.r = true, io.MultiReader(&t.mem, r)
		if t.br == nil {
			t.br = bufio.NewReaderSize(&t.in, 64<<10)
		}
		t.br.Reset(&t.in)
	case err == io.EOF:
		return &TextError{KindTruncated, "the file is empty"}
	case err != io.ErrUnexpectedEOF:
		return err
	}
	switch {
	case n > 1 && t.small[0] == 0x1f && t.small[1] == 0x8b:
		return t.member()
	case gz:
		return &TextError{KindGzip, "the file is not gzip, though its name says so"}
	}
	t.plain = true
	return nil
}

// fill reads the beginning of a file, at most maxSmall. The error is io.EOF for an
// empty file, io.ErrUnexpectedEOF when it was all, nil when there may be more.
func (t *Text) fill(r io.Reader) (n int, err error) {
	if t.small == nil {
		t.small = make([]byte, 64<<10)
	}
	for {
		more, err := io.ReadFull(r, t.small[n:])
		n += more
		switch {
		case err == io.EOF && n > 0:
			return n, io.ErrUnexpectedEOF
		case err != nil || n >= maxSmall:
			return n, err
		}
		t.small = append(t.small, make([]byte, len(t.small))...)
	}
}

// clear forgets the file, and keeps the memory.
func (t *Text) clear() { *t = Text{small: t.small, br: t.br, z: t.z} }

func (t *Text) source() source {
	if t.large {
		return t.br
	}
	return &t.mem
}

// member begins the next gzip member.
func (t *Text) member() error {
	var err error
	if t.z == nil {
		t.z, err = gzip.NewReader(t.source())
	} else {
		err = t.z.Reset(t.source())
	}
	if err != nil {
		return gzipError(err, t.Members)
	}
	t.Members++
	t.z.Multistream(false)
	return nil
}

// Bytes is how much of the file was read.
func (t *Text) Bytes() int64 {
	if t.large {
		return t.in.n
	}
	return t.mem.Size() - int64(t.mem.Len())
}

// Read gives the text of all members.
func (t *Text) Read(p []byte) (int, error) {
	if t.plain {
		n, err := t.source().Read(p)
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
		return n, gzipError(err, t.Members)
	}
	if t.large {
		_, err = t.br.Peek(1)
	} else if t.mem.Len() > 0 {
		err = nil
	}
	if err != nil {
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

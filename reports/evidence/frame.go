package evidence

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
)

// checkFrame makes sure that a bundle has no byte that its parts do not account
// for: programs that unpack zip files differ in what they make of bytes between the
// entries and of entries that are otherwise in the directory than in place. So it
// writes the same entries again, with the compressed bytes that are there, as Write
// would, and compares.
func (b *Bundle) checkFrame(ctx context.Context, c *Checked) error {
	names := make([]string, 0, len(b.Manifest.Parts)+2)
	for _, p := range b.Manifest.Parts {
		names = append(names, p.Name)
	}
	names = append(names, ManifestName)
	if b.files[SignatureName] != nil {
		names = append(names, SignatureName)
	}
	same := &sameBytes{of: bufio.NewReader(io.NewSectionReader(b.raw, 0, b.size))}
	z := zip.NewWriter(same)
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.frame(z, name); err != nil {
			c.add(name, "%v", err)
			return nil
		}
	}
	err := z.Close()
	if err == nil && same.at != b.size {
		err = same.differ()
	}
	if err != nil {
		c.add("the directory of the zip file", "%v", err)
	}
	return nil
}

// frame writes one entry as add does.
func (b *Bundle) frame(z *zip.Writer, name string) error {
	f := b.files[name]
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return &compressed{w, f}, nil })
	entry, err := createEntry(z, name, b.Manifest.TakenAt.UTC())
	if err != nil {
		return err
	}
	raw, err := f.OpenRaw()
	if err != nil {
		return err
	}
	// A reader that gives single bytes is read no further than the text goes.
	from := bufio.NewReader(raw)
	text := flate.NewReader(from)
	if _, err := io.Copy(entry, text); err != nil {
		return fmt.Errorf("it cannot be read: %w", err)
	}
	if _, err := from.ReadByte(); !errors.Is(err, io.EOF) {
		return errors.New("bytes follow its compressed text, which no part accounts for")
	}
	return z.Flush()
}

// compressed compresses the text of an entry to the bytes that it has already.
type compressed struct {
	w io.Writer
	f *zip.File
}

func (*compressed) Write(p []byte) (int, error) { return len(p), nil }

func (c *compressed) Close() error {
	raw, err := c.f.OpenRaw()
	if err != nil {
		return err
	}
	_, err = io.Copy(c.w, raw)
	return err
}

// sameBytes accepts what another reader has too.
type sameBytes struct {
	of  io.Reader
	at  int64
	buf []byte
}

func (s *sameBytes) Write(p []byte) (int, error) {
	if cap(s.buf) < len(p) {
		s.buf = make([]byte, len(p))
	}
	have := s.buf[:len(p)]
	n, err := io.ReadFull(s.of, have)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("it cannot be read: %w", err)
	}
	for i := range p {
		if i == n || have[i] != p[i] {
			s.at += int64(i)
			return i, s.differ()
		}
	}
	s.at += int64(len(p))
	return len(p), nil
}

func (s *sameBytes) differ() error {
	return fmt.Errorf("the zip file is not as keyproof writes it from byte %d on: something is there that no part accounts for, a header says otherwise than the directory, or another program packed it again", s.at)
}

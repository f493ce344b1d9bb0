// Package snapfile saves snapshots as zstd-compressed NDJSON and reads them
// back, streaming. The first line is the header with the version of the
// format, then comes one line a resource and one an event, and the last line
// says how many there were, so that a file that was cut off is told from a whole
// one. A reader that knows no events refuses a file that has some, as damaged.
package snapfile

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"

	"github.com/klauspost/compress/zstd"

	"github.com/keyproof/keyproof/internal/atomicfile"
	"github.com/keyproof/keyproof/model"
)

// maxLine bounds one line. A resource takes a few kilobytes; a policy of a
// secret at most 20 KiB.
const maxLine = 16 << 20

type firstLine struct {
	Version int `json:"keyproof_snapshot"`
	model.Header
}

type lastLine struct {
	End *struct {
		Resources int `json:"resources"`
		// Events is 0 in files that were written before there were any.
		Events int `json:"events"`
	} `json:"end"`
}

// Write saves a snapshot at path. The file is complete or not there.
func Write(path string, snap *model.Snapshot) error {
	err := atomicfile.Write(path, func(w io.Writer) error { return encode(w, snap) })
	if err != nil {
		return fmt.Errorf("save the snapshot: %w", err)
	}
	return nil
}

func encode(w io.Writer, snap *model.Snapshot) error {
	z, err := zstd.NewWriter(w)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(z)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(firstLine{model.SnapshotVersion, snap.Header}); err != nil {
		return err
	}
	n := 0
	for r, err := range snap.Resources {
		if err != nil {
			return err
		}
		if err := enc.Encode(r); err != nil {
			return err
		}
		n++
	}
	events, err := encodeEvents(z, snap)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(z, "{\"end\":{\"resources\":%d,\"events\":%d}}\n", n, events); err != nil {
		return err
	}
	return z.Close()
}

// Open reads the header of a saved snapshot. The resources are read from the
// file each time they are iterated over; what is wrong with them comes as an
// error of the sequence, with its line.
func Open(path string) (*model.Snapshot, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head, err := f.header()
	if err != nil {
		return nil, err
	}
	snap := &model.Snapshot{Header: head, Resources: lines(path, (*reader).resources)}
	if head.Events != nil {
		snap.Events = lines(path, (*reader).recorded)
	}
	return snap, nil
}

// lines goes over the file anew each time.
func lines[T any](path string, each func(*reader, func(T, error) bool)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		f, err := open(path)
		if err != nil {
			yield(none, err)
			return
		}
		defer f.Close()
		if _, err := f.header(); err != nil {
			yield(none, err)
			return
		}
		each(f, yield)
	}
}

type reader struct {
	path   string
	file   *os.File
	zstd   *zstd.Decoder
	scan   *bufio.Scanner
	line   int
	events bool // the header says that there may be some
}

func open(path string) (*reader, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open the snapshot: %w; `keyproof scan --save FILE` makes one", err)
	} else if err != nil {
		return nil, fmt.Errorf("open the snapshot: %w", err)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(fmt.Errorf("%s is a directory: name the snapshot in it; `keyproof scan --save FILE` makes one", path), file.Close())
	}
	return newReader(path, file)
}

func newReader(path string, file *os.File) (*reader, error) {
	z, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(32<<20), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the snapshot %s: %w", path, err), file.Close())
	}
	scan := bufio.NewScanner(z)
	scan.Buffer(make([]byte, 0, 64<<10), maxLine)
	return &reader{path: path, file: file, zstd: z, scan: scan}, nil
}

func (r *reader) Close() {
	r.zstd.Close()
	_ = r.file.Close() // it was only read
}

func (r *reader) next() ([]byte, error) {
	r.line++
	if r.scan.Scan() {
		return r.scan.Bytes(), nil
	}
	if err := r.scan.Err(); err != nil {
		if errors.Is(err, zstd.ErrMagicMismatch) {
			return nil, fmt.Errorf("%s is not a keyproof snapshot; `keyproof scan --save FILE` makes one", r.path)
		}
		return nil, r.damaged(err)
	}
	return nil, r.damaged(io.ErrUnexpectedEOF)
}

func (r *reader) damaged(err error) error {
	return fmt.Errorf("the snapshot %s is damaged at line %d: %w; save it again with `keyproof scan --save FILE`", r.path, r.line, err)
}

func (r *reader) header() (model.Header, error) {
	raw, err := r.next()
	if err != nil {
		return model.Header{}, err
	}
	var head firstLine
	if err := json.Unmarshal(raw, &head); err != nil || head.Version == 0 {
		return model.Header{}, fmt.Errorf("%s is not a keyproof snapshot; `keyproof scan --save FILE` makes one", r.path)
	}
	if head.Version != model.SnapshotVersion {
		return model.Header{}, fmt.Errorf("the snapshot %s has version %d, this keyproof reads version %d; use the keyproof that made it (%s) or scan again",
			r.path, head.Version, model.SnapshotVersion, head.Tool)
	}
	if head.TakenAt.IsZero() {
		return model.Header{}, r.damaged(errors.New("taken_at is missing"))
	}
	r.events = head.Events != nil
	return head.Header, nil
}

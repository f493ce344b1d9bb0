package terraform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// maxSize is far above the largest plans that people make, in bytes.
const maxSize = 512 << 20

const again = "run `terraform show -json plan.tfplan > plan.json` and name plan.json"

// load reads the whole input as UTF-8 and says of what is no JSON what it is.
func load(ctx context.Context, r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(reader{ctx, r}, maxSize+1))
	switch {
	case err != nil:
		return nil, err
	case len(raw) > maxSize:
		return nil, fmt.Errorf("it is larger than %d MiB", maxSize>>20)
	}
	raw = decode(raw)
	switch trimmed := bytes.TrimSpace(raw); {
	case len(trimmed) == 0:
		return nil, errors.New("it is empty: " + again)
	case bytes.HasPrefix(trimmed, []byte("PK\x03\x04")):
		return nil, errors.New("this is a saved plan, not JSON: " + again)
	case trimmed[0] != '{':
		return nil, errors.New("it does not begin as JSON from terraform does: " + again)
	case bytes.IndexByte(raw, 0) >= 0:
		return nil, errors.New("it has a NUL byte, as no JSON has: " + again)
	case !utf8.Valid(raw):
		return nil, errors.New("it is not UTF-8: " + again)
	}
	return raw, nil
}

// decode undoes what a Windows shell does when it redirects the output of a
// program to a file: UTF-16 with a mark, or UTF-8 with one.
func decode(raw []byte) []byte {
	var high, low int
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		return raw[3:]
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		high, low = 1, 0
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		high, low = 0, 1
	default:
		return raw
	}
	out := make([]byte, 0, len(raw)/2)
	for i := 2; i+1 < len(raw); i += 2 {
		r := rune(raw[i+high])<<8 | rune(raw[i+low])
		if utf16.IsSurrogate(r) && i+3 < len(raw) {
			r = utf16.DecodeRune(r, rune(raw[i+2+high])<<8|rune(raw[i+2+low]))
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// reader ends when the context does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// Sniff says whether a file that begins so is JSON from terraform: a member that
// only such files have stands near the beginning.
func Sniff(head []byte) bool {
	head = bytes.TrimSpace(decode(head))
	return bytes.HasPrefix(head, []byte("{")) && bytes.Contains(head, []byte(`"format_version"`)) ||
		bytes.HasPrefix(head, []byte("{")) && bytes.Contains(head, []byte(`"terraform_version"`))
}

// syntaxError says what is wrong with text that is no JSON, with its line.
func syntaxError(raw []byte) error {
	var nothing struct{}
	err := json.Unmarshal(raw, &nothing)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		at := min(int(syntax.Offset), len(raw))
		return fmt.Errorf("line %d: %w: is it cut off, or mixed with other output? %s", 1+bytes.Count(raw[:at], []byte("\n")), err, again)
	}
	return fmt.Errorf("it is not JSON: %s", again)
}

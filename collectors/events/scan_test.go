package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seen is what the scanner found in a text: for each record its source and name,
// or why it is refused.
func seen(r io.Reader, memory int) (list []string, err error) {
	s := scanner{buf: make([]byte, memory)}
	s.reset(r)
	for {
		err := s.document(func(rec *record, raw []byte) {
			if rec.bad == "" {
				rec.read(raw)
			}
			switch {
			case rec.bad != "":
				list = append(list, "refused: "+rec.bad)
			case rec.source.colon == 0 || rec.name.colon == 0:
				list = append(list, "incomplete")
			default:
				list = append(list, string(rec.source.text)+" "+string(rec.name.text))
			}
		})
		if errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return list, err
		}
	}
}

// TestScanAgreesWithJSON: on random documents, full of escapes, quotes, brackets
// in strings, nested members of the same names and odd white space, in every
// piecing of the stream, the scanner finds what encoding/json finds.
func TestScanAgreesWithJSON(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		var want []string
		var records []string
		for range random.IntN(6) {
			source, name := randomText(random), randomText(random)
			m := map[string]any{"eventSource": source, "eventName": name}
			for range random.IntN(5) {
				m[randomText(random)] = randomValue(random, 4)
			}
			raw, err := json.MarshalIndent(m, "", strings.Repeat(" ", random.IntN(3)))
			require.NoError(t, err)
			text := string(raw)
			if random.IntN(4) == 0 { // a name in escapes is the same name
				text = strings.Replace(text, `"eventSource":`, `"\u0065ventSource":`, 1)
			}
			records = append(records, text)
			want = append(want, source+" "+name)
		}
		doc := fmt.Sprintf(`{ "other" : %s, "Records":[%s] ,"more":[1,{}]}`, rec(), strings.Join(records, " ,\n"))
		for piece, in := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "with the end": iotest.DataErrReader,
		} {
			for _, memory := range []int{64, 101, 4096} {
				got, err := seen(in(strings.NewReader(doc)), memory)
				require.NoError(t, err, "%s: %s", piece, doc)
				require.Equal(t, want, got, "%s: %s", piece, doc)
			}
		}
	}
}

func randomText(r *rand.Rand) string {
	letters := []string{"a", "event", "Source", `"`, `\`, "{", "}", "[", "]", ",", ":", "é", "\n", "\u2028", "😀", "eventName", "12345678", " "}
	var b strings.Builder
	for range r.IntN(12) {
		b.WriteString(letters[r.IntN(len(letters))])
	}
	return b.String() + fmt.Sprint(r.IntN(1_000_000))
}

func randomValue(r *rand.Rand, depth int) any {
	switch n := r.IntN(7); {
	case n == 0 && depth > 0:
		m := map[string]any{"eventSource": "inner", "eventName": randomText(r)}
		m[randomText(r)] = randomValue(r, depth-1)
		return m
	case n == 1 && depth > 0:
		return []any{randomValue(r, depth-1), randomValue(r, depth-1)}
	case n == 2:
		return r.Float64() * 1e6
	case n == 3:
		return nil
	case n == 4:
		return true
	default:
		return randomText(r)
	}
}

// TestStructure: on random windows, one after the other, the brackets that are in
// no string are those that going byte by byte finds, and all ways to find them agree.
func TestStructure(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	const letters = "\"\"\"\\{}[]Y_y\x7fax:,#!tSN\x00\x01\x80\xe9\xff\xa2\xa3\x22"
	for range 3000 {
		var in inside
		quoted, escaped := false, false
		var text [3 * 64]byte
		for i := range text {
			text[i] = letters[random.IntN(len(letters))]
		}
		var found, inWords [3]mask
		masks(text[:], found[:])
		masksInWords(text[:], inWords[:])
		require.Equal(t, inWords, found, "%q", text)
		for w := range found {
			var want uint64
			for i, c := range text[64*w : 64*w+64] {
				switch {
				case escaped:
					escaped = false
				case c == '\\':
					escaped = true
				case c == '"':
					quoted = !quoted
				}
				if !quoted && strings.IndexByte("{}[]Y_y\x7f", c) >= 0 {
					want |= 1 << i
				}
			}
			require.Equal(t, want, in.structure(&found[w]), "%q", text)
		}
	}
}

// TestErrorsOfTheStream are passed on as they are.
func TestErrorsOfTheStream(t *testing.T) {
	broken := errors.New("the disk is gone")
	list, err := seen(io.MultiReader(strings.NewReader(`{"Records":[`+rec()+`,{"a":"b`), iotest.ErrReader(broken)), 64)
	assert.ErrorIs(t, err, broken)
	assert.Len(t, list, 1)
}

// TestErrorsOfTheDisk: a file that cannot be read on is not called damaged.
func TestErrorsOfTheDisk(t *testing.T) {
	broken := errors.New("the disk is gone")
	whole := gz(t, records(rec()))
	var text Text
	require.NoError(t, text.Reset(io.MultiReader(strings.NewReader(strings.Repeat("a", 10)), iotest.ErrReader(broken)), false))
	_, err := io.Copy(io.Discard, &text)
	assert.ErrorIs(t, err, broken)
	assert.ErrorIs(t, text.Reset(io.MultiReader(strings.NewReader(string(whole[:5])), iotest.ErrReader(broken)), true), broken)
}

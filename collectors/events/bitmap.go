package events

import (
	"encoding/binary"
	"math/bits"
)

// inside is what is known of the text between two windows of 64 bytes.
type inside struct {
	quoted  uint64 // all ones within a string, else 0
	escaped uint64 // 1 when the next byte is escaped
}

const (
	ones = 0x0101010101010101
	low7 = 0x7f7f7f7f7f7f7f7f
	tops = 0x8080808080808080
)

// structure returns where in the window brackets stand that are in no string, as
// bits; a few other bytes outside of strings, which valid JSON does not have
// there, may be among them. It works on eight bytes at a time within a word, as
// there are no vector instructions in Go (Langdale and Lemire, "Parsing Gigabytes
// of JSON per Second", describes the method). slashes says that there are
// backslashes in the window.
func (in *inside) structure(w *[64]byte, slashes bool) uint64 {
	v0, v1 := binary.LittleEndian.Uint64(w[0:]), binary.LittleEndian.Uint64(w[8:])
	v2, v3 := binary.LittleEndian.Uint64(w[16:]), binary.LittleEndian.Uint64(w[24:])
	v4, v5 := binary.LittleEndian.Uint64(w[32:]), binary.LittleEndian.Uint64(w[40:])
	v6, v7 := binary.LittleEndian.Uint64(w[48:]), binary.LittleEndian.Uint64(w[56:])
	if (v0|v1|v2|v3|v4|v5|v6|v7)&tops != 0 {
		// Bytes beyond ASCII are no structure, and would carry into their neighbours.
		v0, v1, v2, v3 = ascii(v0), ascii(v1), ascii(v2), ascii(v3)
		v4, v5, v6, v7 = ascii(v4), ascii(v5), ascii(v6), ascii(v7)
	}
	quotes := ^(quote(v0) | quote(v1)<<8 | quote(v2)<<16 | quote(v3)<<24 | quote(v4)<<32 | quote(v5)<<40 | quote(v6)<<48 | quote(v7)<<56)
	brackets := ^(bracket(v0) | bracket(v1)<<8 | bracket(v2)<<16 | bracket(v3)<<24 | bracket(v4)<<32 | bracket(v5)<<40 | bracket(v6)<<48 | bracket(v7)<<56)
	if slashes || in.escaped != 0 {
		quotes &^= in.escapes(w)
	}
	// A bit is set where the number of quotes up to it is odd: within strings.
	x := quotes
	x ^= x << 1
	x ^= x << 2
	x ^= x << 4
	x ^= x << 8
	x ^= x << 16
	x ^= x << 32
	x ^= in.quoted
	in.quoted = uint64(int64(x) >> 63)
	return brackets &^ x
}

// ascii makes bytes beyond ASCII zero.
func ascii(v uint64) uint64 {
	beyond := v & tops
	return v &^ (beyond | beyond - beyond>>7)
}

// quote returns which of eight bytes are no quotes, a bit a byte. The sum's top
// bit of a byte is set unless the byte is zero.
func quote(v uint64) uint64 { return ((v ^ ones*'"') + low7) & tops * gather >> 56 }

// bracket returns which are none of { } [ ], nor Y _ y DEL: these are 0x7f with
// the bits 0x26.
func bracket(v uint64) uint64 { return (((v | ones*0x26) ^ ones*0x7f) + low7) & tops * gather >> 56 }

// gather moves the top bits of eight bytes into the top byte when multiplied.
const gather = 0x0002040810204081

// escapes returns which bytes of the window a backslash escapes.
func (in *inside) escapes(w *[64]byte) uint64 {
	var slashes uint64
	for i, c := range w {
		if c == '\\' {
			slashes |= 1 << i
		}
	}
	escaped := in.escaped
	in.escaped = 0
	for left := slashes &^ escaped; left != 0; {
		k := bits.TrailingZeros64(left)
		if k == 63 {
			in.escaped = 1
			break
		}
		escaped |= 1 << (k + 1)
		left &^= 3 << k // the backslash, and what it escapes, which may be one too
	}
	return escaped
}

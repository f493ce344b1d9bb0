package events

import (
	"encoding/binary"
	"math/bits"
)

// mask tells apart the 64 bytes of a window, a bit a byte. A few other bytes,
// which valid JSON does not have outside of strings, may be among the brackets.
// The method is that of Langdale and Lemire, "Parsing Gigabytes of JSON per Second".
type mask struct {
	strings  uint64 // where the number of quotes so far is odd
	brackets uint64
	slashes  uint64
	names    uint64 // a t and S or N, as in eventSource and eventName; a few other letters too, and no bracket
}

// inside is what is known of the text between two windows.
type inside struct {
	quoted  uint64 // all ones within a string, else 0
	escaped uint64 // 1 when the next byte is escaped
}

// structure returns where in the next window brackets stand that are in no string.
func (in *inside) structure(m *mask) uint64 {
	if m.slashes|in.escaped != 0 {
		in.unescape(m)
	}
	x := m.strings ^ in.quoted
	in.quoted = uint64(int64(x) >> 63)
	return m.brackets &^ x
}

// unescape takes quotes that a backslash escapes from the window's strings.
func (in *inside) unescape(m *mask) {
	quotes := m.strings ^ m.strings<<1
	m.strings = odd(quotes &^ in.escapes(m.slashes))
}

// escapes returns which bytes of a window its backslashes escape.
func (in *inside) escapes(slashes uint64) uint64 {
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

// odd returns where the number of bits up to there is odd.
func odd(x uint64) uint64 {
	for n := 1; n < 64; n *= 2 {
		x ^= x << n
	}
	return x
}

const (
	ones = 0x0101010101010101
	low7 = 0x7f7f7f7f7f7f7f7f
	tops = 0x8080808080808080
)

// masksInWords is masks for processors for which there is nothing quicker: it works
// on eight bytes at a time within a word.
func masksInWords(text []byte, into []mask) {
	for i := range into {
		w := (*[64]byte)(text[64*i:])
		var quotes, brackets, slashes, ts, letters uint64
		for k := range 8 {
			v := binary.LittleEndian.Uint64(w[8*k:])
			if beyond := v & tops; beyond != 0 {
				// Bytes beyond ASCII are no structure, and would carry into their neighbours.
				v &^= beyond | (beyond - beyond>>7)
			}
			quotes |= are(v^ones*'"') << (8 * k)
			// { } [ ] are 0x7f with the bits 0x26, and so are Y _ y DEL.
			brackets |= are((v|ones*0x26)^ones*0x7f) << (8 * k)
			slashes |= are(v^ones*'\\') << (8 * k)
			ts |= are(v^ones*'t') << (8 * k)
			// S and N are 0x5f with the bits 0x1d.
			letters |= are((v|ones*0x1d)^ones*0x5f) << (8 * k)
		}
		// What the last byte of the window before is, nobody knows here.
		into[i] = mask{odd(quotes), brackets, slashes, (ts<<1 | 1) & letters &^ brackets}
	}
}

// are returns which of eight bytes are zero, a bit a byte. The sum's top bit of a
// byte is set unless the byte is zero, and the product has the top bits together.
func are(v uint64) uint64 { return ((v+low7)&tops ^ tops) * 0x0002040810204081 >> 56 }

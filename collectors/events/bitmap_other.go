//go:build !amd64

package events

// masks fills a mask for each 64 bytes of a text, which must be as long.
func masks(text []byte, into []mask) { masksInWords(text, into) }

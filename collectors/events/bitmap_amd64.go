package events

import "golang.org/x/sys/cpu"

var quick = cpu.X86.HasAVX2 && cpu.X86.HasPCLMULQDQ

// masks fills a mask for each 64 bytes of a text, which must be as long.
func masks(text []byte, into []mask) {
	if quick {
		masksAVX2(&text[0], &into[0], len(into))
	} else {
		masksInWords(text, into)
	}
}

//go:noescape
func masksAVX2(text *byte, into *mask, n int)

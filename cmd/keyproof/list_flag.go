package main

import (
	"errors"
	"strings"
)

// listFlag is a flag for words without commas in them, such as regions and rules:
// given again for each, or once with commas between them.
type listFlag struct{ list *[]string }

// Set adds what a value names. An empty word is an error: it is most often a
// variable of a script that is not set, and must not mean all.
func (f listFlag) Set(text string) error {
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		if word == "" {
			return errors.New("a value is empty")
		}
		*f.list = append(*f.list, word)
	}
	return nil
}

func (f listFlag) String() string {
	if f.list == nil {
		return ""
	}
	return strings.Join(*f.list, ",")
}

// Type tells such flags from others.
func (listFlag) Type() string { return "list" }

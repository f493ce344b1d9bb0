package main

import "strings"

// shellWord writes a word so that a POSIX shell reads it as it is.
func shellWord(word string) string {
	odd := func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=,", r)
	}
	if word != "" && strings.IndexFunc(word, odd) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

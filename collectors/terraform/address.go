package terraform

import "strings"

// moduleOf returns the address of the module instance of a resource address,
// such as module.a["x.y"].module.b, and what is left.
func moduleOf(address string) (module, rest string) {
	rest = address
	for strings.HasPrefix(rest, "module.") {
		end := nameEnd(rest, len("module."))
		if end < len(rest) && rest[end] == '[' {
			end = keyEnd(rest, end)
		}
		if end >= len(rest) {
			break
		}
		module, rest = strings.TrimPrefix(module+"."+rest[:end], "."), rest[end+1:]
	}
	return module, rest
}

// nameEnd is where a name that begins at i ends.
func nameEnd(s string, i int) int {
	if n := strings.IndexAny(s[i:], ".["); n >= 0 {
		return i + n
	}
	return len(s)
}

// keyEnd is behind the bracket that closes the one at i. A key is a number or a
// quoted string, in which a quote is escaped.
func keyEnd(s string, i int) int {
	for quoted := false; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case !quoted && s[i] == ']':
			return i + 1
		}
	}
	return len(s)
}

// withoutKeys cuts the instance keys off an address.
func withoutKeys(address string) string {
	if !strings.Contains(address, "[") {
		return address
	}
	var b strings.Builder
	for i := 0; i < len(address); {
		if address[i] == '[' {
			i = keyEnd(address, i)
			continue
		}
		b.WriteByte(address[i])
		i++
	}
	return b.String()
}

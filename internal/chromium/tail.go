package chromium

import "strings"

// tail keeps the end of what a browser says, as it says much.
type tail struct{ text []byte }

const tailBytes = 4000

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if over := len(t.text) - tailBytes; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(p), nil
}

// hint is the last line that it said, and what to do where the cause is a known
// one. Lines about the message bus are on every machine without a desktop.
func (t *tail) hint() string {
	last := ""
	for line := range strings.SplitSeq(string(t.text), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, "dbus/") {
			last = line
		}
	}
	hint := ""
	if last != "" {
		hint = "; it said: " + last
	}
	if strings.Contains(string(t.text), "sandbox") {
		hint += "; where its sandbox cannot work, as in some containers, point " + Variable + " at a script that adds --no-sandbox"
	}
	return hint
}

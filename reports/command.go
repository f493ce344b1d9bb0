package reports

import (
	"regexp"
	"slices"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// shellSafe is what no shell gives a meaning to, quoted or not: only such values
// go into a command that a person will paste. Anything else stays a placeholder,
// since a resource may be named $(anything).
var shellSafe = regexp.MustCompile(`^[A-Za-z0-9/_][A-Za-z0-9/_+=.@:-]*$`)

// placeholder is a part of a command to replace: {function}.
var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// fill puts a resource, the first of some, into the placeholders of a command.
// Those of other names, and those without a safe value, stay. The note says what
// the command is for and what is left to fill in; it may be empty.
func fill(command string, res *model.Result, of int) (filled, note string) {
	values := map[string]string{
		"{id}": res.Resource.ID, "{name}": res.Name, "{region}": res.Resource.Region, "{account}": res.Resource.Account,
	}
	filled = placeholder.ReplaceAllStringFunc(command, func(s string) string {
		if v := values[s]; shellSafe.MatchString(v) {
			return v
		}
		return s
	})
	var notes []string
	if filled != command && of > 1 {
		notes = append(notes, "for the first of "+num(of))
	}
	if left := placeholder.FindAllString(filled, -1); len(left) > 0 {
		slices.Sort(left)
		notes = append(notes, "fill in "+list(slices.Compact(left)))
	}
	if len(notes) == 0 {
		return filled, ""
	}
	return filled, strings.Join(notes, "; ") + ":"
}

// commandLines lays a command out so that it can be copied: it is broken only
// between the words of the shell, with a backslash and best before an option,
// and a word is never cut even if it is longer than the page. A command of
// several lines keeps them.
func commandLines(command string, width int) []string {
	var lines []string
	for _, whole := range strings.Split(strings.TrimSpace(command), "\n") {
		line := ""
		for _, unit := range units(shellWords(Clean(strings.TrimSpace(whole)))) {
			if columns(strings.Join(unit, " ")) <= width-len(`   \`) {
				unit = []string{strings.Join(unit, " ")}
			}
			for _, word := range unit {
				switch {
				case line == "":
					line = word
				case columns(line+" "+word+` \`) <= width:
					line += " " + word
				default:
					lines = append(lines, line+` \`)
					line = "  " + word
				}
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// units puts options together with their values.
func units(words []string) [][]string {
	var units [][]string
	for _, w := range words {
		last := len(units) - 1
		if last >= 0 && !strings.HasPrefix(w, "-") && len(units[last]) == 1 && strings.HasPrefix(units[last][0], "-") {
			units[last] = append(units[last], w)
		} else {
			units = append(units, []string{w})
		}
	}
	return units
}

// shellWords cuts a command at spaces outside quotes.
func shellWords(command string) []string {
	var words []string
	var quote rune
	escaped, start := false, 0
	for i, r := range command {
		switch {
		case escaped:
			escaped = false
		case r == '\\' && quote != '\'':
			escaped = true
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == ' ':
			if i > start {
				words = append(words, command[start:i])
			}
			start = i + 1
		}
	}
	if start < len(command) {
		words = append(words, command[start:])
	}
	return words
}

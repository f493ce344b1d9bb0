package reports

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// num writes a number with commas: 1,234,567.
func num(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes "1 result" or "12 results".
func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return num(n) + " " + plural(one)
}

func plural(one string) string {
	if stem, ok := strings.CutSuffix(one, "y"); ok && !strings.HasSuffix(one, "ey") {
		return stem + "ies"
	}
	return one + "s"
}

// list writes "a", "a and b" or "a, b and c".
func list(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

// some writes the first n items and how many more there are. what is one of
// them, such as region.
func some(items []string, n int, what string) string {
	if len(items) <= n {
		return list(items)
	}
	return list(append(append([]string(nil), items[:n]...), count(len(items)-n, "more "+what)))
}

// verb agrees with a number: verb(1, "fails", "fail").
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// kinds names the lists of kinds: "keys, secrets and account settings".
func kinds(ks []model.Kind) string {
	var names []string
	for _, k := range ks {
		names = append(names, kindName(k))
	}
	return list(names)
}

func kindName(k model.Kind) string {
	if k == model.KindAccount {
		return "account settings"
	}
	return plural(kindWord(k))
}

// kindWord is one resource of the kind: "secret", "IAM policy".
func kindWord(k model.Kind) string {
	if k == model.KindIAMPolicy {
		return "IAM policy"
	}
	return string(k)
}

// where writes "of 111122223333 in eu-west-1", leaving out what is empty, as it
// is for a plan, and the region of what has none.
func where(account, region string) string {
	if region == model.RegionGlobal {
		region = ""
	}
	switch {
	case account == "" && region == "":
		return ""
	case account == "":
		return "in " + region
	case region == "":
		return "of " + account
	default:
		return fmt.Sprintf("of %s in %s", account, region)
	}
}

package reports

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/model"
)

func TestFill(t *testing.T) {
	const arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-Ab12Cd"
	id := model.ResourceID{Account: "111122223333", Region: "us-east-1", ID: arn}
	for _, c := range []struct {
		command, name string
		of            int
		want, note    string
	}{
		{"x --id {id} --region {region} --account {account} --name {name}", "prod/db", 1, "x --id " + arn + " --region us-east-1 --account 111122223333 --name prod/db", ""},
		{"x {name}", "prod/db", 3, "x prod/db", "for the first of 3:"},
		{"x {function} {days} {function}", "prod/db", 3, "x {function} {days} {function}", "fill in {days} and {function}:"},
		{"x {name} {days}", "prod/db", 2, "x prod/db {days}", "for the first of 2; fill in {days}:"},
		{`x '{"a": 1}' {Name}`, "prod/db", 2, `x '{"a": 1}' {Name}`, ""},
		{"x {name}", "{id}", 1, "x {name}", "fill in {name}:"},
		{"x {name}", "$(evil)", 1, "x {name}", "fill in {name}:"},
		{"x {name}", "a;b", 1, "x {name}", "fill in {name}:"},
		{"x {name}", "a b", 1, "x {name}", "fill in {name}:"},
		{"x {name}", "a\nb", 1, "x {name}", "fill in {name}:"},
		{"x {name}", "a'b", 1, "x {name}", "fill in {name}:"},
		{"x {name}", "`a`", 1, "x {name}", "fill in {name}:"},
		{"x {name}", "--profile=evil", 1, "x {name}", "fill in {name}:"},
		{"x {name}", "~root", 1, "x {name}", "fill in {name}:"},
		{"x {name}", "=ls", 1, "x {name}", "fill in {name}:"},
		{"x {name}", "本番", 1, "x {name}", "fill in {name}:"},
		{"x {name}", "", 1, "x {name}", "fill in {name}:"},
	} {
		got, note := fill(c.command, &model.Result{Resource: id, Name: c.name}, c.of)
		require.Equal(t, c.want, got, "%q", c.name)
		require.Equal(t, c.note, note, "%q", c.name)
	}
}

// A shell must read the lines as it reads the command.
func TestCommandLinesMeanTheCommand(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh here")
	}
	for _, command := range []string{
		"aws kms enable-key-rotation --key-id 1234",
		"aws secretsmanager rotate-secret --secret-id arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/payments/stripe-Ab12Cd --rotate-immediately --region us-east-1",
		`aws ssm put-parameter --value 'two words and "quotes" that take more room than a narrow line has' --type SecureString`,
		`aws ssm put-parameter --value "it's \"escaped\" and long enough to need a line of its own" --type x\ y`,
		"aws one --a 1\naws two --b 2 --c 3 --d 4 --e 5 --f 6 --g 7 --h 8 --i 9 --j 10",
		`aws windows --path 'C:\' --other 'y  z' --more`,
		"aws  spaces   --are  folded",
	} {
		want := shell(t, sh, command)
		for width := 10; width < 120; width += 7 {
			lines := commandLines(command, width)
			require.Equal(t, want, shell(t, sh, strings.Join(lines, "\n")), "%q at %d", lines, width)
			for _, line := range lines {
				if strings.Contains(strings.TrimSuffix(strings.TrimSpace(line), ` \`), " ") && !strings.ContainsAny(line, `'"`) {
					require.LessOrEqual(t, len(line), width, "only a single word is longer: %q", line)
				}
			}
		}
	}
	require.Equal(t, []string{`aws kms x \`, `  --key-id 1234 \`, `  --region us`}, commandLines("aws kms x --key-id 1234 --region us", 20), "options keep their values")
}

// shell returns the arguments of every aws command, one a line.
func shell(t *testing.T, sh, command string) string {
	t.Helper()
	out, err := exec.Command(sh, "-c", `aws() { for a in "$@"; do printf '<%s>\n' "$a"; done; }; `+command).CombinedOutput()
	require.NoError(t, err, "%s: %s", command, out)
	return string(out)
}

package needs

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Terraform returns the path of terraform, and of a CLI configuration file
// ($TF_CLI_CONFIG_FILE) with which it takes the provider hashicorp/aws that is
// on this machine and asks no registry; or it skips the test.
func Terraform(t testing.TB) (program, config string) {
	t.Helper()
	program = Program(t, "terraform", "see developer.hashicorp.com/terraform/install")
	dir := awsProvider()
	if dir == "" {
		missing(t, "the Terraform provider hashicorp/aws 5.x is not there: set KEYPROOF_AWS_PROVIDER to its folder")
	}
	config = filepath.Join(t.TempDir(), "terraform.rc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"hashicorp/aws\" = %q\n  }\n}\n", dir)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return program, config
}

// awsProvider is the folder of the provider: the one that $KEYPROOF_AWS_PROVIDER
// names, or one in a mirror in the file system. The folders are those that
// Terraform searches itself ("CLI Configuration", implied local mirrors), and
// any below /opt.
func awsProvider() string {
	if dir := os.Getenv("KEYPROOF_AWS_PROVIDER"); dir != "" {
		return dir
	}
	home, _ := os.UserHomeDir() // empty: only absolute folders are found
	tail := filepath.Join("registry.terraform.io", "hashicorp", "aws", "5.*", runtime.GOOS+"_"+runtime.GOARCH)
	for _, root := range []string{
		filepath.Join(home, ".terraform.d", "plugins"), filepath.Join(home, ".local", "share", "terraform", "plugins"),
		"/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins", "/opt/*",
	} {
		if found, _ := filepath.Glob(filepath.Join(root, tail)); len(found) > 0 {
			return found[len(found)-1]
		}
	}
	return ""
}

// Package chromium prints pages as PDF with a Chromium that is on the machine.
//
// It runs the program itself (--print-to-pdf) and needs no library of the
// DevTools protocol: what it asks for has been the same in every version for
// years, and nothing has to be kept in step with the browser. The browser gets
// an empty profile that is removed afterwards, resolves no name, and is ended
// when it takes too long.
package chromium

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Variable is the environment variable that names a browser. It is for those
// whose browser has another name, stands elsewhere, or needs flags (a script).
const Variable = "CHROME"

// names are what browsers of the family are called, on Linux and elsewhere.
func names() []string {
	return []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge", "headless-shell", "chrome-headless-shell"}
}

// places are where installers put them without telling PATH.
func places(getenv func(string) string) []string {
	switch runtime.GOOS {
	case "darwin":
		return []string{
			"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
			"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
		}
	case "windows":
		var all []string
		for _, root := range []string{getenv("ProgramFiles"), getenv("ProgramFiles(x86)"), getenv("LocalAppData")} {
			if root != "" {
				all = append(all, filepath.Join(root, "Google", "Chrome", "Application", "chrome.exe"), filepath.Join(root, "Microsoft", "Edge", "Application", "msedge.exe"))
			}
		}
		return all
	default:
		return nil
	}
}

// Find returns the path of a browser: the one that $CHROME names and no other,
// or else the first of the known ones that is there. The error says what was
// looked for and how to get one.
func Find(getenv func(string) string) (string, error) {
	if named := getenv(Variable); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("the browser that %s names is not a program here: %w; set it to the path of a Chromium, or unset it to search for one", Variable, err)
		}
		return path, nil
	}
	for _, name := range names() {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	for _, path := range places(getenv) {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium was found to print with; looked in PATH for %s. Install one (Debian: apt-get install chromium, macOS: brew install --cask chromium), or name one: %s=/path/to/chrome; "+
		"without any, write html=report.html and print that in a browser", strings.Join(names(), ", "), Variable)
}

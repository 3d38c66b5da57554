package docs_test

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

var (
	testName = regexp.MustCompile(`^(Test|Fuzz|Promises)\w*$`)
	mdLink   = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]+)\)`)
	heading  = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fenced   = regexp.MustCompile("(?ms)^```.*?^```$")
	makeCall = regexp.MustCompile("(?m)(?:`|^|run: )make ([a-z][a-z0-9-]*)")
)

// TestLinks follows every relative link, to the heading if it names one, and to
// the test if its text is the name of one.
func TestLinks(t *testing.T) {
	for _, name := range documents(t) {
		text := fenced.ReplaceAllString(read(t, name), "")
		for _, m := range mdLink.FindAllStringSubmatch(text, -1) {
			u, err := url.Parse(m[2])
			if box.Check(t, err); u.Scheme == "" {
				followLink(t, name, m[1], u)
			}
		}
	}
}

func followLink(t *testing.T, name, text string, u *url.URL) {
	t.Helper()
	to := name
	if u.Path != "" {
		to = path.Join(path.Dir(name), u.Path)
	}
	if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(to))); err != nil {
		t.Errorf("%s: link %s leads nowhere", name, u)
		return
	}
	if u.Fragment != "" && !hasHeading(t, to, u.Fragment) {
		t.Errorf("%s: link %s: there is no such heading", name, u)
	}
	if testName.MatchString(text) && !strings.Contains(read(t, to), "\nfunc "+text+"(") {
		t.Errorf("%s: there is no %s in %s", name, text, to)
	}
}

var notInAnchor = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

// hasHeading makes anchors of headings as GitHub does.
func hasHeading(t *testing.T, name, anchor string) bool {
	t.Helper()
	for _, m := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(read(t, name), ""), -1) {
		text := notInAnchor.ReplaceAllString(strings.ToLower(m[1]), "")
		if strings.ReplaceAll(text, " ", "-") == anchor {
			return true
		}
	}
	return false
}

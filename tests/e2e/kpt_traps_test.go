//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestP5_TwoSelectorsOfOneItemAreBrokenUpstream: kpt fails, even for a program that
// changes nothing.
func TestP5_TwoSelectorsOfOneItemAreBrokenUpstream(t *testing.T) {
	for _, program := range []string{"cat", "add-log-sidecar"} {
		s := newSandbox(t, "kpt-package")
		s.replace("Kptfile", "configPath: log.yaml\n", "configPath: log.yaml\n    selectors:\n    - kind: Deployment\n    - name: web\n")
		s.replace("Kptfile", "exec: add-log-sidecar", "exec: "+program)
		out := s.run("kpt", "fn", "render", ".", "--allow-exec")
		equal(t, program+": exit code", 1, out.code)
		contains(t, program+": stderr", out.stderr, "already exists")
	}
}

// TestP1_RelativeExecIsFromWhereKptWasStarted, not from the package.
func TestP1_RelativeExecIsFromWhereKptWasStarted(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.write("bin/.keep", "")
	check(t, copyFile(binaries["krm-sidecars"], filepath.Join(s.dir, "bin/krm-sidecars")))
	s.replace("Kptfile", "exec: add-log-sidecar", "exec: ./bin/krm-sidecars")
	s.render()
	equal(t, "sidecars", []string{"Deployment/web"}, sidecars(s.read("apps/web.yaml")))
	elsewhere := *s
	elsewhere.dir = filepath.Dir(s.dir)
	out := elsewhere.run("kpt", "fn", "render", s.dir, "--allow-exec")
	equal(t, "exit code from elsewhere", 1, out.code)
	contains(t, "stderr", out.stderr, "no such file or directory")
}

// TestP5_TheSameItemTwice: kpt sends an item once for each selector that matches.
func TestP5_TheSameItemTwice(t *testing.T) {
	twice := strings.Repeat(asItem(placedAt("a", "a.yaml", "shop")), 2)
	in := strings.Replace(contractList(t), section(contractList(t), "items"), "items:\n"+twice, 1)
	got := items(functionOK(t, in))
	equal(t, "items", 2, len(got))
	equal(t, "second", got[0], got[1])
	equal(t, "sidecars", 1, count(got[0], "name: "+sidecar))
}

// TestP1_ValidatorsChangeNothing: kpt throws away what they change.
func TestP1_ValidatorsChangeNothing(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.replace("Kptfile", "  mutators:", "  validators:")
	contains(t, "stderr", s.ok("kpt", "fn", "render", ".", "--allow-exec").stderr, `[PASS] "add-log-sidecar"`, "injected 2")
	equal(t, "sidecars", 0, len(sidecars(s.read("apps/web.yaml"))))
}

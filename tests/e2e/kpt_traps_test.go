//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestP5_TwoSelectorsOfOneItemAreBrokenUpstream: kpt fails, even for a program that
// changes nothing.
func TestP5_TwoSelectorsOfOneItemAreBrokenUpstream(t *testing.T) {
	for _, program := range []string{"cat", "add-log-sidecar"} {
		s := newSandbox(t, "kpt-package")
		s.Replace("Kptfile", "configPath: log.yaml\n", "configPath: log.yaml\n    selectors:\n    - kind: Deployment\n    - name: web\n")
		s.Replace("Kptfile", "exec: add-log-sidecar", "exec: "+program)
		out := s.Run("kpt", "fn", "render", ".", "--allow-exec")
		box.Equal(t, program+": exit code", 1, out.Code)
		box.Contains(t, program+": stderr", out.Stderr, "already exists")
	}
}

// TestP1_RelativeExecIsFromWhereKptWasStarted, not from the package.
func TestP1_RelativeExecIsFromWhereKptWasStarted(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.Write("bin/.keep", "")
	box.Check(t, copyFile(binaries["krm-sidecars"], filepath.Join(s.Dir, "bin/krm-sidecars")))
	s.Replace("Kptfile", "exec: add-log-sidecar", "exec: ./bin/krm-sidecars")
	s.render()
	box.Equal(t, "sidecars", []string{"Deployment/web"}, sidecars(s.Read("apps/web.yaml")))
	out := s.In("..").Run("kpt", "fn", "render", s.Dir, "--allow-exec")
	box.Equal(t, "exit code from elsewhere", 1, out.Code)
	box.Contains(t, "stderr", out.Stderr, "no such file or directory")
}

// TestP5_TheSameItemTwice: kpt sends an item once for each selector that matches.
func TestP5_TheSameItemTwice(t *testing.T) {
	twice := strings.Repeat(asItem(placedAt("a", "a.yaml", "shop")), 2)
	in := strings.Replace(contractList(t), section(contractList(t), "items"), "items:\n"+twice, 1)
	got := items(functionOK(t, in))
	box.Equal(t, "items", 2, len(got))
	box.Equal(t, "second", got[0], got[1])
	box.Equal(t, "sidecars", 1, count(got[0], "name: "+sidecar))
}

// TestP1_ValidatorsChangeNothing: kpt throws away what they change.
func TestP1_ValidatorsChangeNothing(t *testing.T) {
	s := newSandbox(t, "kpt-package")
	s.Replace("Kptfile", "  mutators:", "  validators:")
	box.Contains(t, "stderr", s.OK("kpt", "fn", "render", ".", "--allow-exec").Stderr, `[PASS] "add-log-sidecar"`, "injected 2")
	box.Equal(t, "sidecars", 0, len(sidecars(s.Read("apps/web.yaml"))))
}

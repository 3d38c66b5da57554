//go:build e2e

package e2e

import (
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// releases are the ways in which both majors call the product.
func releases() map[string][]string {
	return map[string][]string{
		"helm3": postRender("-c", "log.yaml"),
		"helm4": helm4Template("-c", "log.yaml")[3:],
	}
}

// stored installs the chart into a new cluster, and returns how Helm is to be
// called from then on.
func (s *sandbox) stored(helm string, renderer []string) (command func(args ...string) string) {
	s.T.Helper()
	if helm == "helm4" {
		s.installPlugin()
	}
	s.Env = append(s.Env, "HELM_KUBEAPISERVER="+startCluster(s.T))
	command = func(args ...string) string { return s.OK(helm, args...).Stdout }
	command(append([]string{"install", "eu", "shop", "--skip-crds", "--no-hooks", "--disable-openapi-validation"}, renderer...)...)
	return command
}

// TestReleaseKeepsWhatWasRendered: Helm stores what the renderer gave back, and
// rolls back to it. It does not store that there was a renderer.
func TestReleaseKeepsWhatWasRendered(t *testing.T) {
	for helm, renderer := range releases() {
		t.Run(helm, func(t *testing.T) {
			command := newChart(t).stored(helm, renderer)
			manifest := func() int { return len(sidecars(command("get", "manifest", "eu"))) }
			box.Equal(t, "sidecars, installed", 3, manifest())
			command("upgrade", "eu", "shop", "--skip-crds", "--no-hooks", "--disable-openapi-validation")
			box.Equal(t, "sidecars, upgraded without the renderer", 0, manifest())
			command("rollback", "eu", "1", "--no-hooks")
			box.Equal(t, "sidecars, rolled back", 3, manifest())
		})
	}
}

// TestH8_StoredHooks: what `helm test` and later hooks run is what was stored, in
// Helm 4 with sidecars if they were asked for, in Helm 3 never.
func TestH8_StoredHooks(t *testing.T) {
	want := map[string][]string{"helm3": nil, "helm4": {"Job/migrate", "Pod/connection"}}
	for helm, renderer := range releases() {
		t.Run(helm, func(t *testing.T) {
			s := newChart(t)
			s.Replace("log.yaml", "spec:\n", "spec:\n  target:\n    includeHelmHooks: true\n")
			hooks := s.stored(helm, renderer)("get", "hooks", "eu")
			box.Contains(t, "hooks", hooks, "name: migrate", "name: connection")
			box.Equal(t, "sidecars in hooks", want[helm], sortedLike(want[helm], sidecars(hooks)))
		})
	}
}

//go:build e2e

package e2e

import (
	"regexp"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// newChart copies the chart and gives one of its templates CRLF line ends,
// which a checkout would not be sure to keep.
func newChart(t *testing.T) *sandbox {
	t.Helper()
	s := newSandbox(t, "helm-chart")
	s.Replace("shop/templates/windows.yaml", "\n", "\r\n")
	return s
}

// postRender gives the flags with which Helm 3 runs the product.
func postRender(args ...string) []string {
	flags := []string{"--post-renderer", "krm-sidecars"}
	for _, a := range append([]string{"post-render"}, args...) {
		flags = append(flags, "--post-renderer-args", a)
	}
	return flags
}

func (s *sandbox) helm3(command string, flags ...string) box.Output {
	s.T.Helper()
	// Helm looks for the renderer in its own PATH, which is the sandbox's.
	return s.OK("helm3", append(strings.Fields(command), flags...)...)
}

var sourceLine = regexp.MustCompile(`(?m)^# Source: .*$`)

// injectedByHelm3 are the chart's workloads but for the hooks, which Helm 3
// keeps from a post-renderer.
var injectedByHelm3 = []string{"Deployment/web", "StatefulSet/crlf", "List"}

func TestH1_UntouchedDocumentsKeepTheirBytes(t *testing.T) {
	s := newChart(t)
	const template = "template eu shop --include-crds"
	plain := s.helm3(template).Stdout
	got := s.helm3(template, postRender("-c", "log.yaml")...).Stdout

	box.Equal(t, "sidecars", injectedByHelm3, sortedLike(injectedByHelm3, sidecars(got)))
	box.Equal(t, "sources", sourceLine.FindAllString(plain, -1), sourceLine.FindAllString(got, -1))
	before, after := documents(plain), documents(got)
	sameLength(t, before, after)
	for i, doc := range before {
		if len(sidecars(after[i])) == 0 {
			box.Equal(t, identity(doc), doc, after[i])
			continue
		}
		onlyAdded(t, identity(doc), doc, after[i])
	}
}

// sortedLike puts the elements of got that want holds into want's order, so
// that a comparison does not depend on Helm's order of kinds.
func sortedLike(want, got []string) []string {
	var list []string
	rest := append([]string(nil), got...)
	for _, w := range want {
		for i, g := range rest {
			if g == w {
				list, rest = append(list, g), append(rest[:i:i], rest[i+1:]...)
				break
			}
		}
	}
	return append(list, rest...)
}

func TestH1_CRLFDocumentStaysCRLF(t *testing.T) {
	s := newChart(t)
	const template = "template eu shop --show-only templates/windows.yaml"
	plain := s.helm3(template).Stdout
	got := s.helm3(template, postRender("-c", "log.yaml")...).Stdout
	added := onlyAdded(t, "document", plain, got)
	box.Equal(t, "sidecars", []string{"StatefulSet/crlf"}, sidecars(got))
	// Helm trims what it prints and ends it with a LF of its own.
	if last := added[len(added)-1]; strings.HasSuffix(got, last) {
		added[len(added)-1] = strings.TrimSuffix(last, "\n") + "\r\n"
	}
	onlyCRLF(t, added)
}

func onlyCRLF(t *testing.T, lines []string) {
	t.Helper()
	for _, line := range lines {
		if !strings.HasSuffix(line, "\r\n") {
			t.Errorf("line without CRLF: %q", line)
		}
	}
}

// TestH1_RemoveGivesBackTheRender: what the product adds it can take away.
func TestH1_RemoveGivesBackTheRender(t *testing.T) {
	s := newChart(t)
	plain := s.helm3("template eu shop").Stdout
	got := s.helm3("template eu shop", postRender("-c", "log.yaml")...).Stdout
	box.Equal(t, "sidecars", len(injectedByHelm3), len(sidecars(got)))
	box.Equal(t, "removed", plain, s.OKPipe(got, "krm-sidecars", "remove", "--all", "-").Stdout)
}

func TestH1_InstallDryRun(t *testing.T) {
	s := newChart(t)
	s.Env = append(s.Env, "KUBECONFIG=/nowhere")
	install := "install eu shop --dry-run=client --disable-openapi-validation --kube-apiserver " + startAPIServer(t)
	plain := withoutDate(s.helm3(install).Stdout)
	got := withoutDate(s.helm3(install, postRender("-c", "log.yaml")...).Stdout)

	onlyAdded(t, "install", plain, got)
	box.Equal(t, "sidecars", injectedByHelm3, sortedLike(injectedByHelm3, sidecars(got)))
	box.Equal(t, "sources", sourceLine.FindAllString(plain, -1), sourceLine.FindAllString(got, -1))
	box.Contains(t, "install", got, "The shop is open.", "helm.sh/hook: test")
}

func withoutDate(release string) string {
	return regexp.MustCompile(`(?m)^LAST DEPLOYED: .*$`).ReplaceAllString(release, "LAST DEPLOYED:")
}

func TestH2_ChartThatRendersNothing(t *testing.T) {
	s := newSandbox(t, "helm-nothing")
	out := s.helm3("template eu empty", postRender("-c", "log.yaml")...)
	box.Equal(t, "manifest", "# no manifests\n", out.Stdout)
}

func TestH2_FailureReachesTheUser(t *testing.T) {
	s := newChart(t)
	s.Replace("log.yaml", "  logs:", "  lgos: []\n  logs:")
	out := s.Run("helm3", append([]string{"template", "eu", "shop"}, postRender("-c", "log.yaml")...)...)
	box.Equal(t, "exit code", 1, out.Code)
	box.Equal(t, "stdout", "", out.Stdout)
	box.Contains(t, "stderr", out.Stderr, "error while running post render", "add-log-sidecar: error ", "spec.lgos")
}

func TestH3_ShowOnly(t *testing.T) {
	s := newChart(t)
	flags := postRender("-c", "log.yaml")
	all := s.helm3("template eu shop", flags...).Stdout
	for file, n := range map[string]int{"deployment": 1, "service": 0} {
		got := s.helm3("template eu shop --show-only templates/"+file+".yaml", flags...).Stdout
		box.Equal(t, "sources", []string{"# Source: shop/templates/" + file + ".yaml"}, sourceLine.FindAllString(got, -1))
		box.Contains(t, "the whole render", all, strings.TrimSpace(got))
		box.Equal(t, "sidecars in "+file, n, len(sidecars(got)))
	}
}

// TestH3_OutputDirIsNotPostRendered documents a limit of Helm 3: it writes the
// files before it calls the renderer, which then gets no input.
func TestH3_OutputDirIsNotPostRendered(t *testing.T) {
	plain, s := newChart(t), newChart(t)
	plain.helm3("template eu shop --output-dir out")
	s.helm3("template eu shop --output-dir out", postRender("-c", "log.yaml")...)
	box.Equal(t, "files", plain.Tree(), s.Tree())
}

func TestH4_SeveralConfigsRelativeToHelm(t *testing.T) {
	s := newChart(t)
	log := s.Read("log.yaml")
	s.Write("conf/a.yaml", strings.Replace(log, "spec:\n", "spec:\n  target:\n    names: [web]\n", 1))
	other := strings.Replace(log, "name: nginx-logs\n", "name: crlf-logs\n", 1)
	s.Write("conf/b.yaml", strings.Replace(other, "spec:\n", "spec:\n  target:\n    names: [crlf]\n", 1))
	got := s.helm3("template eu shop", postRender("-c", "conf/a.yaml", "-c", "./conf/b.yaml")...).Stdout
	want := []string{"Deployment/web", "StatefulSet/crlf"}
	box.Equal(t, "sidecars", want, sortedLike(want, sidecars(got)))
}

// TestH4_DefaultNamespace: charts leave metadata.namespace to Helm, so the
// renderer has to be told which namespace it is.
func TestH4_DefaultNamespace(t *testing.T) {
	s := newChart(t)
	s.Replace("log.yaml", "spec:\n", "spec:\n  target:\n    namespaces: [shop]\n")
	for namespace, want := range map[string]int{"shop": len(injectedByHelm3), "other": 0} {
		flags := postRender("-c", "log.yaml", "--default-namespace", namespace)
		got := s.helm3("template eu shop --namespace "+namespace, flags...).Stdout
		box.Equal(t, namespace, want, len(sidecars(got)))
	}
}

// TestH5_WarningsStayOutOfTheManifest: Helm 3 takes all of stdout for manifests.
func TestH5_WarningsStayOutOfTheManifest(t *testing.T) {
	s := newChart(t)
	s.Replace("log.yaml", "spec:\n", "spec:\n  target:\n    names: [nobody]\n")
	plain := s.helm3("template eu shop").Stdout
	box.Equal(t, "render", plain, s.helm3("template eu shop", postRender("-c", "log.yaml")...).Stdout)
	box.Contains(t, "stderr", s.OKPipe(plain, "krm-sidecars", "post-render", "-c", "log.yaml").Stderr, "selects no workload")
}

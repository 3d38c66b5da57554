//go:build e2e

package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// allConfigs are the configs in testdata/functions/base: one of each function.
// Together they make ConfigMaps, monitors and a port of the Service, and change a
// volume of the app's.
var allConfigs = []string{"secrets.yaml", "logs.yaml", "metrics.yaml", "mesh.yaml"}

// madeOf lists Kind/name of the objects that the functions make, with what a host
// puts around names.
func madeOf(prefix, suffix string) []string {
	return []string{
		"ConfigMap/" + prefix + "web-log-sidecar" + suffix, "ConfigMap/" + prefix + "web-nginx-exporter" + suffix, "ConfigMap/" + prefix + "web-vault-agent" + suffix,
		"PodMonitor/" + prefix + "web-nginx-exporter" + suffix, "ServiceMonitor/" + prefix + "web-nginx-exporter" + suffix,
	}
}

// made lists Kind/name of the documents that functions have made, sorted.
func made(stream string) []string {
	var found []string
	for _, doc := range documents(stream) {
		if strings.Contains(doc, "krm-sidecars.dev/generated-by: ") {
			found = append(found, identity(doc))
		}
	}
	slices.Sort(found)
	return found
}

// injectedByAll checks what all functions have done to a stream.
func injectedByAll(t *testing.T, stream, prefix, suffix string) {
	t.Helper()
	box.Equal(t, "made", madeOf(prefix, suffix), made(stream))
	var configs []string
	for _, id := range madeOf(prefix, suffix) {
		if name, is := strings.CutPrefix(id, "ConfigMap/"); is {
			configs = append(configs, name)
		}
	}
	references := mounted(stream)
	slices.Sort(references)
	box.Equal(t, "mounted ConfigMaps", configs, references)
	for _, image := range []string{"hashicorp/vault:", "nginx/nginx-prometheus-exporter:", "fluent/fluent-bit:"} {
		box.Equal(t, image, 1, len(linesWith(stream, "image: "+image)))
	}
	box.Contains(t, "stream", stream, "sidecar.istio.io/inject: ", "targetPort: 9113")
	all := identities(stream)
	box.Equal(t, "distinct identities", len(all), distinct(all))
}

// transformersOfAll are the lines by which the kustomization calls the functions.
func transformersOfAll() string { return "transformers:\n- " + strings.Join(allConfigs, "\n- ") + "\n" }

// TestK4_FunctionsUnderAnOverlay: names, references and namespaces stay together
// when another layer changes them.
func TestK4_FunctionsUnderAnOverlay(t *testing.T) {
	s := newSandbox(t, "functions")
	for _, layer := range []struct{ dir, prefix, suffix, namespace string }{{"base", "", "", ""}, {"overlay", "prod-", "-v2", "shop"}} {
		got := s.kustomizeOK(layer.dir)
		injectedByAll(t, got, layer.prefix, layer.suffix)
		box.Lacks(t, layer.dir, got, "config.kubernetes.io/", "config.k8s.io/", "kind: Add")
		for _, id := range made(got) {
			doc := documentOf(got, id)
			box.Equal(t, id+" is in namespace "+layer.namespace, layer.namespace != "", count(doc, "namespace: "+layer.namespace) == 1)
		}
		box.Equal(t, "second build", got, s.kustomizeOK(layer.dir))
	}
}

// TestK4_FunctionsGoFromABuild: what a person builds and removes is the build
// without the functions, also behind an overlay. kustomize puts the ConfigMaps
// first, of which a separator is left.
func TestK4_FunctionsGoFromABuild(t *testing.T) {
	s := newSandbox(t, "functions")
	built := map[string]string{"base": s.kustomizeOK("base"), "overlay": s.kustomizeOK("overlay")}
	s.Replace("base/kustomization.yaml", transformersOfAll(), "")
	for _, dir := range slices.Sorted(maps.Keys(built)) {
		out := s.OKPipe(built[dir], "krm-sidecars", "remove", "--all", "-")
		box.Equal(t, dir+": removed", s.kustomizeOK(dir), strings.TrimPrefix(out.Stdout, "---\n"))
		box.Lacks(t, dir+": stderr", out.Stderr, "warning")
	}
}

// TestK4_FunctionsInAnyOrder: the order of transformers does not matter.
func TestK4_FunctionsInAnyOrder(t *testing.T) {
	s := newSandbox(t, "functions")
	want := meaningOf(s.kustomizeOK("base"))
	backwards := slices.Clone(allConfigs)
	slices.Reverse(backwards)
	s.Replace("base/kustomization.yaml", transformersOfAll(), "transformers:\n- "+strings.Join(backwards, "\n- ")+"\n")
	box.Equal(t, "build", want, meaningOf(s.kustomizeOK("base")))
}

var recordLine = regexp.MustCompile(`(?m)^ +krm-sidecars\.dev/add-[-a-z]+\.[a-z]+: (?:.*\n)(?:      .*\n)*`)

// meaningOf is what a stream holds beside records, whatever the order.
func meaningOf(stream string) []string { return sortedLines(recordLine.ReplaceAllString(stream, "")) }

// newFunctionsPackage is the package that kpt renders with all functions.
func newFunctionsPackage(t *testing.T) *sandbox {
	t.Helper()
	s := newSandbox(t, "functions/base")
	box.Check(t, os.Remove(filepath.Join(s.Dir, "kustomization.yaml")))
	return s
}

func TestP2_FunctionsAgain(t *testing.T) {
	s := newFunctionsPackage(t)
	s.render()
	s.commit()
	var rendered []string
	for name, text := range s.Tree() {
		if strings.HasPrefix(name, "templates/") {
			rendered = append(rendered, text)
		}
	}
	injectedByAll(t, strings.Join(rendered, "---\n"), "", "")
	s.render()
	box.Equal(t, "git status after the second render", "", s.OK("git", "status", "--porcelain").Stdout)
}

// TestP3_FunctionsGoFromARender: byte for byte, with a command that was changed,
// and a record that was made where kpt indents items.
func TestP3_FunctionsGoFromARender(t *testing.T) {
	want, got := newFunctionsPackage(t), newFunctionsPackage(t)
	wrap := "  env:\n  - {name: TOKEN, secret: web, key: token}\n  envWrap: {}\n  kubernetesVersion: \"1.30\"\n"
	for _, s := range []*sandbox{want, got} {
		s.Write("secrets.yaml", s.Read("secrets.yaml")+wrap)
	}
	kptfile := want.Read("Kptfile")
	want.Write("Kptfile", strings.ReplaceAll(kptfile, "exec: krm-sidecars", "exec: cat"))
	want.render()
	got.render()
	box.Contains(t, "workload", got.Read("templates/deployment.yaml"), "- /bin/sh\n")
	got.OK("krm-sidecars", "remove", "--all", "--write", ".")
	box.Equal(t, "workload", want.Read("templates/deployment.yaml"), got.Read("templates/deployment.yaml"))
	left := want.Tree()
	left["Kptfile"] = got.Read("Kptfile")
	box.Equal(t, "package", left, got.Tree())
}

// TestP7_EvalOfEachFunction: keys and values on kpt's command line are enough of a
// config.
func TestP7_EvalOfEachFunction(t *testing.T) {
	for function, tc := range map[string]struct {
		config []string
		want   string
	}{
		"add-vault-init":      {[]string{"address=https://vault:8200", "role=web", "secrets[0].path=secret/data/web"}, "- name: vault-agent-init"},
		"add-mesh-annotation": {[]string{"mesh=linkerd", "linkerd.skipOutboundPorts=8200,5432"}, `config.linkerd.io/skip-outbound-ports: 8200,5432`},
		"add-exporter":        {[]string{"preset=redis", "port=9200", "discovery.podMonitor.labels.release=prometheus"}, "containerPort: 9200"},
		"add-sidecar":         {[]string{"container.name=agent", "container.image=agent:1.4.2", "writable=/tmp"}, "image: agent:1.4.2"},
		"add-proxy-sidecar":   {[]string{"cloudSQL.instances[0].name=a:b:c", "cloudSQL.instances[0].env.host=DB_HOST"}, "- a:b:c?port=5432"},
		"add-sync-sidecar":    {[]string{"git.repo=https://a/b.git", "git.mount.path=/srv/pages"}, "--repo=https://a/b.git"},
		"add-init-container":  {[]string{"waitFor[0].tcp=db:5432", "waitFor[1].postgres=db"}, "- name: wait-for-postgres"},
		"add-log-sidecar":     {[]string{"agent=vector", "logs[0].paths=/var/log/app/*.log", "destination.loki.url=https://loki"}, "image: timberio/vector:"},
	} {
		t.Run(function, func(t *testing.T) {
			s := newFunctionsPackage(t)
			eval := append([]string{"fn", "eval", ".", "--exec", "krm-sidecars " + function, "--"}, tc.config...)
			s.OK("kpt", eval...)
			box.Contains(t, "workload", s.Read("templates/deployment.yaml"), tc.want)
			first := s.Tree()
			s.OK("kpt", eval...)
			box.Equal(t, "package after the second time", first, s.Tree())
		})
	}
}

// configFlags are the flags by which a post-renderer gets all configs.
func configFlags() []string {
	var flags []string
	for _, name := range allConfigs {
		flags = append(flags, "-c", "base/"+name)
	}
	return flags
}

func TestH1_FunctionsAsPostRenderer(t *testing.T) {
	s := newSandbox(t, "functions")
	plain := s.helm3("template eu base").Stdout
	got := s.helm3("template eu base", postRender(configFlags()...)...).Stdout
	injectedByAll(t, got, "", "")
	box.Equal(t, "sources", sourceLine.FindAllString(plain, -1), sourceLine.FindAllString(got, -1))
	again := s.OKPipe(got, "krm-sidecars", append([]string{"post-render"}, configFlags()...)...).Stdout
	box.Equal(t, "second run", got, again)
	box.Equal(t, "removed", plain, s.OKPipe(got, "krm-sidecars", "remove", "--all", "-").Stdout)
}

// TestH7_FunctionsKeepFilenames: what functions make belongs to the template of
// its workload, so that Helm 4 knows where it comes from. Helm 4 puts a blank line
// behind documents that are not the last.
func TestH7_FunctionsKeepFilenames(t *testing.T) {
	s := newSandbox(t, "functions")
	plugin := s.installPlugin()
	s.recordTraffic(plugin)
	args := []string{"template", "eu", "base", "--post-renderer", "krm-sidecars"}
	plainArgs := slices.Clone(args)
	for _, a := range configFlags() {
		args = append(args, "--post-renderer-args", a)
	}
	got := s.OK("helm4", args...).Stdout
	injectedByAll(t, got, "", "")
	box.Lacks(t, "render", got, filenameKey)
	returned := s.Read("returned.yaml")
	box.Equal(t, "annotated documents", len(documents(returned)), len(linesWith(returned, filenameKey)))
	for _, id := range madeOf("", "") {
		line := linesWith(documentOf(returned, id), filenameKey)
		box.Equal(t, id, 1, len(line))
		box.Contains(t, id, strings.Join(line, ""), "functions/templates/deployment.yaml")
	}
	s.passThrough(plugin)
	left := s.OKPipe(got, "krm-sidecars", "remove", "--all", "-").Stdout
	box.Equal(t, "removed", s.OK("helm4", plainArgs...).Stdout, strings.TrimSuffix(left, "\n\n")+"\n")
}

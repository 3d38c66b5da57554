//go:build e2e

package e2e

import (
	"context"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

const workload = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
spec:
  template:
    spec:
      containers:
      - name: app
        image: app:1.0.0
`

func deployment(name string) string {
	return strings.Replace(workload, "NAME", name, 1)
}

const logConfig = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata:
  name: nginx-logs
spec:
  logs:
  - paths: [/var/log/nginx/access.log]
`

func newStream(t *testing.T) *sandbox {
	t.Helper()
	s := newSandbox(t, "")
	s.Write("log.yaml", logConfig)
	return s
}

func (s *sandbox) postRender(stream string, flags ...string) box.Output {
	s.T.Helper()
	return s.Pipe(stream, "krm-sidecars", append([]string{"post-render", "-c", "log.yaml"}, flags...)...)
}

// untouched are documents that no chart author means us to change.
var untouched = map[string]string{
	"BOM":             "\ufeffapiVersion: v1\nkind: ConfigMap\nmetadata: {name: bom}\n",
	"JSON":            `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "json"}}` + "\n",
	"comment only":    "# nothing here\n",
	"separators":      "---\n# Source: a/templates/x.yaml\n--- # why\n\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n...\n",
	"numbers":         "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n}\ndata: {a: 0x10, b: 012, c: 1e3, d: yes, e: ~}\n",
	"duplicate keys":  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\ndata: {a: b, a: c}\n",
	"no last newline": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: end}",
	"same identity":   "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n",
}

func TestH1_PassThroughToTheByte(t *testing.T) {
	for name, doc := range untouched {
		t.Run(name, func(t *testing.T) {
			s := newStream(t)
			out := s.postRender(doc)
			box.Equal(t, "exit code", 0, out.Code)
			box.Equal(t, "stream", doc, out.Stdout)
		})
	}
}

// TestH1_NeighboursOfAWorkload: the same documents around one that changes.
func TestH1_NeighboursOfAWorkload(t *testing.T) {
	for name, doc := range untouched {
		if name == "no last newline" {
			doc += "\n"
		}
		t.Run(name, func(t *testing.T) {
			s := newStream(t)
			stream := doc + "---\n" + deployment("web") + "---\n" + strings.TrimPrefix(doc, "\ufeff")
			out := s.postRender(stream)
			box.Equal(t, "exit code", 0, out.Code)
			onlyAdded(t, "stream", stream, out.Stdout)
			box.Equal(t, "sidecars", []string{"Deployment/web"}, sidecars(out.Stdout))
		})
	}
}

func TestH1_JSONWorkload(t *testing.T) {
	const doc = `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": ` +
		`{"template": {"spec": {"containers": [{"name": "app", "image": "app:1.0.0"}]}}}}` + "\n"
	s := newStream(t)
	out := s.postRender(doc)
	box.Equal(t, "exit code", 0, out.Code)
	box.Contains(t, "stream", out.Stdout, sidecar, "initContainers")
	box.Equal(t, "removed", doc, s.OKPipe(out.Stdout, "krm-sidecars", "remove", "--all", "-").Stdout)
}

// TestH1_CRLFBelowHelmsComment: Helm's own lines end in LF, the template's decide.
func TestH1_CRLFBelowHelmsComment(t *testing.T) {
	doc := "---\n# Source: shop/templates/web.yaml\n" + strings.ReplaceAll(deployment("web"), "\n", "\r\n")
	out := newStream(t).postRender(doc)
	box.Equal(t, "exit code", 0, out.Code)
	added := onlyAdded(t, "document", doc, out.Stdout)
	box.Equal(t, "sidecars", 1, count(out.Stdout, "name: "+sidecar))
	onlyCRLF(t, added)
}

// TestH1_AnchorsAcrossListItems: within one document an alias may stay.
func TestH1_AnchorsAcrossListItems(t *testing.T) {
	list := "apiVersion: v1\nkind: List\nitems:\n" +
		asItem(strings.Replace(deployment("a"), "spec:\n", "  labels: &labels {app: shop}\nspec:\n", 1)) +
		asItem(strings.Replace(deployment("b"), "spec:\n", "  labels: *labels\nspec:\n", 1))
	out := newStream(t).postRender(list)
	box.Equal(t, "exit code", 0, out.Code)
	onlyAdded(t, "list", list, out.Stdout)
	box.Equal(t, "sidecars", 2, count(out.Stdout, "name: "+sidecar))
}

// asItem makes a document an item of a list.
func asItem(doc string) string {
	return "- " + strings.ReplaceAll(strings.TrimSuffix(doc, "\n"), "\n", "\n  ") + "\n"
}

func TestH2_EmptyInput(t *testing.T) {
	for _, empty := range []string{"", "\n", " \n\t\n"} {
		out := newStream(t).postRender(empty)
		box.Equal(t, "exit code", 0, out.Code)
		box.Equal(t, "stream", "# no manifests\n", out.Stdout)
	}
}

func TestH2_UnparsableDocument(t *testing.T) {
	good := "---\n# Source: shop/templates/good.yaml\n" + deployment("good")
	bad := "---\n# Source: shop/templates/bad.yaml\n" + strings.Replace(deployment("bad"), "containers:", "containers: [", 1)
	out := newStream(t).postRender(good + bad)
	box.Equal(t, "exit code", 1, out.Code)
	box.Equal(t, "stdout", "", out.Stdout)
	box.Contains(t, "stderr", out.Stderr, "document 2", "shop/templates/bad.yaml")
}

// TestH4_TwoConfigsOfOneName: they would overwrite each other's record.
func TestH4_TwoConfigsOfOneName(t *testing.T) {
	s := newStream(t)
	s.Write("again.yaml", logConfig)
	out := s.postRender(deployment("web"), "-c", "again.yaml")
	box.Equal(t, "exit code", 1, out.Code)
	box.Equal(t, "stdout", "", out.Stdout)
	box.Contains(t, "stderr", out.Stderr, "krm-sidecars: error: ", `"nginx-logs"`, "log.yaml", "again.yaml")
}

// TestH5_LargeInput: 50 MB of which a few documents change.
func TestH5_LargeInput(t *testing.T) {
	var stream strings.Builder
	filler := "data:\n" + strings.Repeat("  key: "+strings.Repeat("x", 93)+"\n", 1)
	for i := 0; stream.Len() < 50<<20; i++ {
		stream.WriteString("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c" + strconv.Itoa(i) + "\n" + filler)
		if i%10_000 == 0 {
			stream.WriteString("---\n" + deployment("web"+strconv.Itoa(i)))
		}
	}
	out := newStream(t).postRender(stream.String())
	box.Equal(t, "exit code", 0, out.Code)
	want := strings.Count(stream.String(), "kind: Deployment")
	box.Equal(t, "sidecars", want, count(out.Stdout, "name: "+sidecar))
	box.Equal(t, "length", true, len(out.Stdout) > stream.Len())
}

// TestH5_BrokenPipe: a reader that goes away ends the command.
func TestH5_BrokenPipe(t *testing.T) {
	s := newStream(t)
	ctx, cancel := context.WithTimeout(context.Background(), box.Limit)
	defer cancel()
	cmd := s.Command(ctx, "krm-sidecars", "post-render", "-c", "log.yaml")
	cmd.Stdin = strings.NewReader(strings.Repeat("---\n"+deployment("web"), 20_000))
	pipe, err := cmd.StdoutPipe()
	box.Check(t, err)
	box.Check(t, cmd.Start())
	_, err = io.ReadFull(pipe, make([]byte, 10))
	box.Check(t, err)
	box.Check(t, pipe.Close())
	if cmd.Wait() == nil {
		t.Error("exit 0 although the output went nowhere")
	}
	box.Check(t, ctx.Err())
}

// TestH9_DanglingAlias: Helm 4 takes a List apart, and an alias whose anchor
// was in another item is left without it.
func TestH9_DanglingAlias(t *testing.T) {
	dangling := strings.Replace(deployment("web"), "image: app:1.0.0", "image: *image", 1)
	out := newStream(t).postRender("---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\n" + dangling)
	box.Equal(t, "exit code", 1, out.Code)
	box.Equal(t, "stdout", "", out.Stdout)
	box.Contains(t, "stderr", out.Stderr, "document 2", "image")
}

// helmFile is the annotation by which Helm 4 knows a document's template.
const helmFile = "  annotations:\n    postrenderer.helm.sh/postrender-filename: shop/templates/all.yaml\n"

// TestH9_AliasOfAnEarlierDocument: where the anchor is in an earlier document of
// the same template, the alias is written out, as Helm reads each by itself.
func TestH9_AliasOfAnEarlierDocument(t *testing.T) {
	first := strings.Replace(deployment("a"), "spec:\n", "  labels: &labels {app: shop}\n"+helmFile+"spec:\n", 1)
	second := strings.Replace(deployment("b"), "spec:\n", "  labels: *labels\n"+helmFile+"spec:\n", 1)
	out := newStream(t).postRender("---\n" + first + "---\n" + second)
	box.Equal(t, "exit code", 0, out.Code)
	box.Equal(t, "sidecars", []string{"Deployment/a", "Deployment/b"}, sidecars(out.Stdout))
	box.Lacks(t, "stream", out.Stdout, "*labels")
	box.Equal(t, "labels", 2, strings.Count(out.Stdout, "app: shop"))
}

func TestH9_IdenticalWorkloadsTwice(t *testing.T) {
	out := newStream(t).postRender(strings.Repeat("---\n"+deployment("web"), 2))
	box.Equal(t, "exit code", 0, out.Code)
	box.Equal(t, "sidecars", []string{"Deployment/web", "Deployment/web"}, sidecars(out.Stdout))
}

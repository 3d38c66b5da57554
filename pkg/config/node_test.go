package config_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

func TestDecodeNode(t *testing.T) {
	var got testSpec
	errs := config.DecodeNode(parse(t, "logs: [{pats: []}]\nport: x\n").Root, &got, "spec.functions[1].spec")
	diff(t, "DecodeNode()", []string{
		"0: spec.functions[1].spec.logs[0].pats: unknown field; did you mean paths?",
		"0: spec.functions[1].spec.port: text where a number is expected",
	}, lines(errs))
}

func TestDecodeNodeIntoOddThings(t *testing.T) {
	var list []string
	node := parse(t, "{a: [b]}\n").Root
	for name, tc := range map[string]struct {
		into any
		want string
	}{
		"no pointer":    {testSpec{}, "x: cannot be read into config_test.testSpec: no pointer to a value"},
		"nil":           {nil, "x: cannot be read into <nil>: no pointer to a value"},
		"nil pointer":   {(*testSpec)(nil), "x: cannot be read into *config_test.testSpec: no pointer to a value"},
		"channel":       {new(chan int), "x: cannot be read into a chan int"},
		"keys":          {new(map[int]string), "x: cannot be read into a map[int]string"},
		"other shape":   {&list, "x: a map where a list is expected; put it in a list: [...]"},
		"element shape": {&map[string]string{}, "x.a: a list where text is expected"},
	} {
		t.Run(name, func(t *testing.T) {
			diff(t, "DecodeNode()", tc.want, config.DecodeNode(node, tc.into, "x").Error())
		})
	}
}

// TestDecodeNodeTypes reads into types that the walker knows nothing about.
func TestDecodeNodeTypes(t *testing.T) {
	var got struct {
		Time *metav1.Time     `json:"time"`
		Raw  json.RawMessage  `json:"raw"`
		Node *yamlpatch.Node  `json:"node"`
		None *yamlpatch.Node  `json:"none"`
		Any  any              `json:"any"`
		Keys map[string]*bool `json:"keys"`
		Next *metav1.Duration `json:"next"`
		Pull corev1.PullPolicy
	}
	src := "time: 2024-01-02T03:04:05Z\nraw: {a: [1, x, true]}\nnode: {a: b}\nnone: ~\nany: [1]\nkeys: {a: true, b: ~}\nnext:\n"
	if errs := config.DecodeNode(parse(t, src).Root, &got, ""); errs != nil {
		t.Fatal(errs)
	}
	diff(t, "time", time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), got.Time.UTC())
	diff(t, "raw", `{"a":[1,"x",true]}`, string(got.Raw))
	diff(t, "node", "b", got.Node.Get("a").Str())
	diff(t, "any", any([]any{int64(1)}), got.Any)
	if got.None != nil || got.Next != nil || got.Keys["b"] != nil || !*got.Keys["a"] {
		t.Errorf("null is not nil: %+v", got)
	}
}

// TestDecodeNodeBounds reads documents that are deep or huge.
func TestDecodeNodeBounds(t *testing.T) {
	for name, tc := range map[string]struct{ src, want string }{
		"huge": {"[" + strings.Repeat("x, ", 200_000) + "]", "more than 100000 values"},
		"deep": {strings.Repeat("[", 150) + strings.Repeat("]", 150), "nested more than 100 levels deep"},
	} {
		t.Run(name, func(t *testing.T) {
			var got any
			errs := config.DecodeNode(parse(t, tc.src).Root, &got, "")
			if !strings.Contains(errs.Error(), tc.want) || len(errs) > 100 {
				t.Errorf("%d errors, want one that says %q", len(errs), tc.want)
			}
		})
	}
}

func TestDecodeLenient(t *testing.T) {
	src := `name: app
image: nginx:1.27
fromTheFuture: {a: 1}
env: [{name: A, value: ~, valueFrom: {fileKeyRef: {x: y}}}]
resources: {limits: {cpu: 1, memory: 1.5Gi}}
args:
`
	var got corev1.Container
	if err := config.DecodeLenient(parse(t, src).Root, &got); err != nil {
		t.Fatal(err)
	}
	diff(t, "env", "A", got.Env[0].Name)
	diff(t, "memory", "1536Mi", got.Resources.Limits.Memory().String())

	err := config.DecodeLenient(parse(t, "new: 1\nports: [{containerPort: x}]\nimage: 5\n").Root, &got)
	diff(t, "error", "ports[0].containerPort: text where a number is expected", err.Error())
	if err := config.DecodeLenient(nil, &got); err != nil {
		t.Error("nothing to read:", err)
	}
}

func BenchmarkDecodeLenient(b *testing.B) {
	doc, err := yamlpatch.Parse(`name: app
image: nginx:1.27
ports: [{name: http, containerPort: 80}, {name: metrics, containerPort: 9090}]
env: [{name: A, value: a}, {name: B, value: b}, {name: C, valueFrom: {secretKeyRef: {name: s, key: k}}}]
resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 128Mi}}
readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 5}
volumeMounts: [{name: a, mountPath: /a}, {name: b, mountPath: /b, readOnly: true}]
`, 0)
	if err != nil {
		b.Fatal(err)
	}
	var reused config.Lenient
	for name, decode := range map[string]func(*yamlpatch.Node, any) error{"once": config.DecodeLenient, "reused": reused.Decode} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var c corev1.Container
				if err := decode(doc.Root, &c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

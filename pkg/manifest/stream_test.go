package manifest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
)

func read(t *testing.T, src string) *manifest.Stream {
	t.Helper()
	s, err := manifest.Read("in.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// kinds lists what was found, as "apiVersion/kind".
func kinds(s *manifest.Stream) []string {
	var all []string
	for _, o := range s.Objects {
		all = append(all, o.APIVersion+"/"+o.Kind)
	}
	return all
}

func TestRead(t *testing.T) {
	tests := map[string]struct {
		src  string
		want []string
	}{
		"nothing":            {"", nil},
		"comments only":      {"# a\n---\n# b\n...\n", nil},
		"stream":             {"apiVersion: v1\nkind: Pod\n--- # two\nkind: \"Job\"\napiVersion: batch/v1\n---\n\n---\nkind: X # y", []string{"v1/Pod", "batch/v1/Job", "/X"}},
		"leading marker":     {"---\nkind: A\n---\nkind: B\n", []string{"/A", "/B"}},
		"BOM and directive":  {"\ufeff%YAML 1.2\n---\nkind: A\n...\n---\nkind: B\n", []string{"/A", "/B"}},
		"CRLF":               {"kind: A\r\n---\r\nkind: B\r\n", []string{"/A", "/B"}},
		"JSON":               {`{"kind": "Pod", "apiVersion": "v1"}`, []string{"v1/Pod"}},
		"content at marker":  {"--- {kind: A}\n--- !t\nkind: B\n", []string{"/A", "/B"}},
		"list":               {"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A\n# c\n- kind: List\n  apiVersion: v1\n  items:\n    - kind: B\n    -   kind: C\nmetadata: {}\n", []string{"v1/A", "/B", "/C"}},
		"JSON list":          {`{"kind":"List","items":[{"kind":"A"},{"kind":"List","items":[{"kind":"B"}]}]}`, []string{"/A", "/B"}},
		"typed list":         {"apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: x}\n", []string{"apps/v1/Deployment"}},
		"list without items": {"kind: List\nitems:\n", []string{"/List"}},
		"null items":         {"kind: List\nitems: null\n", []string{"/List"}},
		"not an object":      {"a: 1\n---\n- x\n", nil},
		"marker in scalar":   {"kind: A\nx: |\n  ---\n  kind: B\n", []string{"/A"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := read(t, test.src)
			if diff := cmp.Diff(test.want, kinds(s)); diff != "" {
				t.Errorf("Read() mismatch (-want +got):\n%s", diff)
			}
			if got := s.String(); got != test.src {
				t.Errorf("String() = %q, want %q", got, test.src)
			}
			for _, o := range s.Objects {
				o.SetText(o.Original())
			}
			if got := s.String(); got != test.src {
				t.Errorf("String() with every text set to itself = %q, want %q", got, test.src)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	s := read(t, "# Source: c/templates/a.yaml\nkind: A\n---\n# Source: c/templates/b.yaml\nkind: B\nx: [1\n")
	if _, err := s.Objects[1].Document(); err == nil || !strings.Contains(err.Error(), "in.yaml, document 2, line 6") || !strings.Contains(err.Error(), "c/templates/b.yaml") {
		t.Errorf("error = %v", err)
	}
	if _, err := manifest.Read("x.txt", "a: b: c\n"); err == nil || !strings.Contains(err.Error(), "x.txt, document 1, line 1") {
		t.Errorf("error = %v", err)
	}
}

var generated = edit.Obj(
	edit.Field{Name: "kind", Value: edit.Str("ConfigMap")},
	edit.Field{Name: "data", Value: edit.Obj(edit.Field{Name: "a", Value: edit.Str("x\n\ny\n")})},
)

// TestInsertAndRemove: what was put behind an object can be taken away again
// without a trace.
func TestInsertAndRemove(t *testing.T) {
	for name, src := range map[string]string{
		"stream":           "kind: A\n# end of A\n---\nkind: B\n",
		"no final newline": "kind: A",
		"CRLF":             "kind: A\r\n---\r\nkind: B",
		"list":             "kind: List\nitems:\n  - kind: A\n    a: 1\n\n  # about B\n  - kind: B\n",
		"list at its end":  "kind: List\nitems:\n- kind: A\nx: 1\n",
		"JSON":             `{"kind":"List","items":[{"kind":"A"},{"kind":"B"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := read(t, src)
			if err := s.Objects[0].InsertAfter(generated); err != nil {
				t.Fatal(err)
			}
			out := s.String()
			s = read(t, out)
			if len(s.Objects) < 2 || s.Objects[1].Kind != "ConfigMap" {
				t.Fatalf("the new object is not the second one in\n%s", out)
			}
			d, err := s.Objects[1].Document()
			if err != nil || d.Root.Path("data", "a").Str() != "x\n\ny\n" {
				t.Errorf("data is %q, %v", d.Root.Path("data", "a").Str(), err)
			}
			s.Objects[1].Remove()
			if diff := cmp.Diff(src, s.String()); diff != "" {
				t.Errorf("removing it does not restore the source (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResourceList(t *testing.T) {
	result := edit.Obj(edit.Field{Name: "message", Value: edit.Str("m: x")})
	for name, src := range map[string]string{
		"plain":      "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- kind: A\n  # c\n- kind: B\nfunctionConfig:\n  kind: F\n  apiVersion: v1\n",
		"results":    "kind: ResourceList\nfunctionConfig:\n  kind: F\nresults:\n- message: old\nitems:\n- kind: A\n- kind: B\n",
		"JSON":       `{"kind":"ResourceList","items":[{"kind":"A"},{"kind":"B"}],"functionConfig":{"kind":"F"}}`,
		"no newline": "kind: ResourceList\nfunctionConfig: {kind: F}\nitems:\n- kind: A\n- kind: B",
	} {
		t.Run(name, func(t *testing.T) {
			s := read(t, src)
			if s.List == nil || s.List.Config == nil || s.List.Config.Root.Get("kind").Str() != "F" || len(s.Objects) != 2 {
				t.Fatalf("List %+v, objects %v", s.List, kinds(s))
			}
			if err := s.List.AddResults([]edit.Value{result}); err != nil {
				t.Fatal(err)
			}
			once := s.String()
			s = read(t, once)
			if err := s.List.AddResults([]edit.Value{result}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(once, s.String()); diff != "" {
				t.Errorf("adding it twice (-once +twice):\n%s", diff)
			}
			if !strings.Contains(once, "m: x") || len(s.Objects) != 2 {
				t.Errorf("output:\n%s", once)
			}
		})
	}
}

func TestCorpusPassesThrough(t *testing.T) {
	root := "../../../shared/corpus"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the corpus of foreign manifests is not here:", err)
	}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s, err := manifest.Read(path, string(raw))
		if err != nil {
			t.Log(err)
			return nil
		}
		for _, o := range s.Objects {
			o.SetText(o.Original())
		}
		if s.String() != string(raw) {
			t.Errorf("%s does not come out as it went in", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

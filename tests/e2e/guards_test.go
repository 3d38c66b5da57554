//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// answers checks what must hold of whatever a function answers: hosts delete
// what is not in the answer, so there is one or none, and exit 0 needs one. A
// list that is broken where nothing is done to it goes on to the host as it is.
func answers(t *testing.T, in string, out box.Output) {
	t.Helper()
	if out.Stdout == "" {
		box.Equal(t, "fails without an answer", true, out.Code != 0 && out.Stderr != "")
		return
	}
	if isYAML := yaml.Unmarshal([]byte(in), new(any)) == nil; !isYAML {
		return
	}
	var list struct {
		Kind  string `json:"kind"`
		Items *[]any `json:"items"`
	}
	if err := yaml.Unmarshal([]byte(out.Stdout), &list); err != nil || list.Kind != "ResourceList" || list.Items == nil {
		t.Errorf("exit %d, and the answer is no ResourceList with items: %v\n%s", out.Code, err, out.Stdout)
	}
}

// TestS12_AnyBeginningOfAList: an input that was cut off, wherever, has a whole
// answer or none.
func TestS12_AnyBeginningOfAList(t *testing.T) {
	s := newSandbox(t, "")
	in := contractList(t)
	failures := 0
	for end := range len(in) {
		if in[end] != '\n' && end%41 != 0 {
			continue
		}
		for _, program := range []string{"add-log-sidecar", "krm-sidecars"} {
			out := s.Pipe(in[:end], program)
			answers(t, in[:end], out)
			failures += out.Code
		}
	}
	box.Equal(t, "some fail", true, failures > 50)
}

// TestS12_AnyBeginningOfAStream: a stream that was cut off has an answer, or
// fails without one.
func TestS12_AnyBeginningOfAStream(t *testing.T) {
	s := newStream(t)
	in := "# first\n---\n" + deployment("a") + "---\n{\"kind\": \"Note\", \"metadata\": {\"name\": \"b\"}}\n---\n" + deployment("c")
	for end := range len(in) + 1 {
		if out := s.postRender(in[:end]); (out.Stdout == "") == (out.Code == 0) {
			t.Errorf("exit %d with %d bytes for %q", out.Code, len(out.Stdout), in[:end])
		}
	}
}

// oddLists are ResourceLists that no host should send.
var oddLists = map[string]string{
	"no items":      "",
	"null items":    "items:\n",
	"tilde":         "items: ~\n",
	"map for items": "items: {a: b}\n",
	"text":          "items: hello\n",
	"odd items":     "items:\n- null\n- hello\n- [a]\n- {}\n",
}

func TestS12_OddLists(t *testing.T) {
	list := contractList(t)
	for name, odd := range oddLists {
		t.Run(name, func(t *testing.T) {
			in := strings.Replace(list, section(list, "items"), odd, 1)
			answers(t, in, function(t, in))
		})
	}
}

// duplicates maps a key that is there twice to the edit that makes it so.
var duplicates = map[string]struct{ from, to string }{
	"replicas":      {"    replicas: 1\n", "    replicas: 1\n    replicas: 2\n"},
	"quoted":        {"    replicas: 1\n", "    quoted: 1\n    \"quoted\": 2\n"},
	"image":         {"          image: \"nginx:1.27.0\"", "          image: nginx\n          image: \"nginx:1.27.0\""},
	"in-flow":       {"labels: {app: web}\n    ", "labels: {app: web, in-flow: a, in-flow: b}\n    "},
	"kind":          {"  kind: Deployment\n", "  kind: Deployment\n  kind: Deployment\n"},
	"in-annotation": {"    annotations:\n", "    annotations:\n      in-annotation: a\n      in-annotation: b\n"},
}

// TestS9_DuplicateKeysAnywhere: readers differ in which of the two they take.
func TestS9_DuplicateKeysAnywhere(t *testing.T) {
	for key, tc := range duplicates {
		t.Run(key, func(t *testing.T) {
			in := strings.Replace(contractList(t), tc.from, tc.to, 1)
			if in == contractList(t) {
				t.Fatalf("nothing to edit: %q", tc.from)
			}
			out := function(t, in)
			box.Equal(t, "exit code", 1, out.Code)
			box.Equal(t, "items", section(in, "items"), section(out.Stdout, "items"))
			named := slices.ContainsFunc(ours(t, out.Stdout), func(r result) bool {
				return r.Severity == "error" && r.ResourceRef != nil && r.ResourceRef.Kind == "Deployment" && r.ResourceRef.Name == "web" &&
					strings.Contains(r.Message, `"`+key+`"`)
			})
			if !named {
				t.Errorf("no result names Deployment web and the key:\n%s", section(out.Stdout, "results"))
			}
		})
	}
}

// TestS20_PanicsBecomeResults: of the object that they come from, or of the
// config; nothing is changed.
func TestS20_PanicsBecomeResults(t *testing.T) {
	for _, where := range []string{"injection", "validate", "default"} {
		t.Run(where, func(t *testing.T) {
			s := newSandbox(t, "")
			config := "functionConfig:\n  apiVersion: krm-sidecars.dev/v1alpha1\n  kind: AddTestPanic\n  metadata:\n    name: oops\n  spec:\n    in: " + where + "\n"
			in := asList(deployment("a"), deployment("b"))
			in = strings.Replace(in, section(in, "functionConfig"), config, 1)
			out := s.Pipe(in, "generator", "add-test-panic")
			box.Equal(t, "exit code", 1, out.Code)
			box.Equal(t, "items", section(in, "items"), section(out.Stdout, "items"))
			results := ours(t, out.Stdout)
			if len(results) == 0 {
				t.Fatalf("no results:\n%s", out.Stderr)
			}
			box.Equal(t, "severity", "error", results[0].Severity)
			box.Contains(t, "message", results[0].Message, "index out of range")
			box.Contains(t, "stderr", out.Stderr, "add-test-panic: error ")
			box.Lacks(t, "stderr", out.Stderr, "goroutine ")
		})
	}
}

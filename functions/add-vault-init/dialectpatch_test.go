package vaultinit

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func TestJSONPatch(t *testing.T) {
	c := corev1.Container{Name: "agent", Env: []corev1.EnvVar{{Name: "A", Value: "1"}, {Name: "B", Value: "2"}}}
	for _, test := range []struct {
		patch jsonPatch
		want  string // the names of the variables, or what is wrong
	}{
		{jsonPatch{{Op: "add", Path: "/env/-", Value: map[string]any{"name": "C"}}}, "A B C"},
		{jsonPatch{{Op: "add", Path: "/env/0", Value: map[string]any{"name": "C"}}}, "C A B"},
		{jsonPatch{{Op: "remove", Path: "/env/0"}}, "B"},
		{jsonPatch{{Op: "remove", Path: "/env"}}, ""},
		{jsonPatch{{Op: "replace", Path: "/env/1/name", Value: "C"}}, "A C"},
		{jsonPatch{{Op: "test", Path: "/env/1/name", Value: "B"}, {Op: "remove", Path: "/env/1"}}, "A"},
		{jsonPatch{{Op: "test", Path: "/env/1/name", Value: "C"}}, "test /env/1/name: it is B, not C"},
		{jsonPatch{{Op: "test", Path: "/env/0", Value: "A"}}, "test /env/0: it is map[name:A value:1], not A"},
		{jsonPatch{{Op: "remove", Path: "/env/2"}}, "remove /env/2: a list of 2 has no place 2"},
		{jsonPatch{{Op: "add", Path: "/env/x", Value: 1}}, "add /env/x: a list of 2 has no place x"},
		{jsonPatch{{Op: "replace", Path: "/env/-/name", Value: 1}}, "replace /env/-/name: a list of 2 has no place -"},
		{jsonPatch{{Op: "replace", Path: "/lifecycle/preStop", Value: 1}}, "replace /lifecycle/preStop: there is no lifecycle"},
		{jsonPatch{{Op: "remove", Path: "/tty"}}, "remove /tty: there is no tty"},
		{jsonPatch{{Op: "replace", Path: "/name/x", Value: 1}}, "replace /name/x: there is nothing below agent"},
		{jsonPatch{{Op: "add", Path: "/a~1b", Value: 1}}, `json: unknown field "a/b"`},
	} {
		out, err := test.patch.apply(c)
		var names []string
		for _, e := range out.Env {
			names = append(names, e.Name)
		}
		got := strings.Join(names, " ")
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%v: %q, want %q", test.patch, got, test.want)
		}
	}
	if len(c.Env) != 2 || c.Env[0].Name != "A" {
		t.Error("a patch has changed the container that it was given")
	}
}

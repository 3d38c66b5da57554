//go:build e2e

package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

func TestS9_DuplicateKeys(t *testing.T) {
	in := strings.Replace(contractList(t), "    replicas: 1\n", "    replicas: 1\n    replicas: 2\n", 1)
	out := function(t, in)
	box.Equal(t, "exit code", 1, out.Code)
	box.Equal(t, "items", section(in, "items"), section(out.Stdout, "items"))
	box.Contains(t, "results", section(out.Stdout, "results"), "replicas", "name: web", "severity: error")
	box.Contains(t, "stderr", out.Stderr, "add-log-sidecar: error Deployment/shop/web", "replicas")
}

// configErrors maps a fault to the edit that makes it and the field it is in.
var configErrors = map[string]struct{ from, to, field string }{
	"missing field":  {"    logs:\n    - paths: [/var/log/nginx/access.log]\n", "    target: {}\n", "spec.logs"},
	"unknown field":  {"    logs:\n", "    lgos: []\n    logs:\n", "spec.lgos"},
	"nested unknown": {"    - paths:", "    - pats: []\n      paths:", "spec.logs[0].pats"},
	"wrong type":     {"[/var/log/nginx/access.log]", "7", "spec.logs[0].paths"},
	"wrong kind":     {"kind: AddLogSidecar\n  metadata:\n    name: nginx", "kind: AddLogSidecars\n  metadata:\n    name: nginx", "kind"},
	"wrong version":  {"v1alpha1 # kept", "v9 # kept", "apiVersion"},
}

func TestS10_ConfigErrors(t *testing.T) {
	for name, tc := range configErrors {
		t.Run(name, func(t *testing.T) {
			in := strings.Replace(contractList(t), tc.from, tc.to, 1)
			if in == contractList(t) {
				t.Fatalf("nothing to edit: %q", tc.from)
			}
			out := function(t, in)
			box.Equal(t, "exit code", 1, out.Code)
			box.Equal(t, "items", section(in, "items"), section(out.Stdout, "items"))
			results := section(out.Stdout, "results")
			box.Contains(t, "results", results, "severity: error", "path: "+tc.field+"\n")
			box.Contains(t, "stderr", out.Stderr, "add-log-sidecar: error ", " "+tc.field+": ")
		})
	}
}

func TestS10_AllErrorsAtOnce(t *testing.T) {
	in := strings.Replace(contractList(t), "    logs:\n", "    lgos: []\n    injectAs: thing\n    logs:\n", 1)
	in = strings.Replace(in, "[/var/log/nginx/access.log]", "[access.log]", 1)
	out := function(t, in)
	box.Equal(t, "exit code", 1, out.Code)
	results := section(out.Stdout, "results")
	for _, field := range []string{"spec.lgos", "spec.injectAs", "spec.logs[0].paths[0]"} {
		box.Contains(t, "results", results, "path: "+field+"\n")
		box.Contains(t, "stderr", out.Stderr, " "+field+": ")
	}
}

func TestS11_WarningsExitZero(t *testing.T) {
	in := strings.Replace(contractList(t), "    logs:\n", "    target: {names: [nobody]}\n    logs:\n", 1)
	out := function(t, in)
	box.Equal(t, "exit code", 0, out.Code)
	box.Equal(t, "items", section(in, "items"), section(out.Stdout, "items"))
	box.Contains(t, "results", section(out.Stdout, "results"), "severity: warning", "code: nothing-matched")
	box.Contains(t, "stderr", out.Stderr, `add-log-sidecar: warning AddLogSidecar/nginx-logs spec.target: selects no workload`)
}

func TestS12_GarbageGivesNothing(t *testing.T) {
	for _, in := range []string{"kind: [", "a: b\n---\nc: d\n", "hello"} {
		out := function(t, in)
		box.Equal(t, "exit code", 1, out.Code)
		box.Equal(t, "stdout", "", out.Stdout)
		box.Contains(t, "stderr", out.Stderr, "add-log-sidecar: error: expected a ResourceList")
	}
}

func TestS13_EmptyInput(t *testing.T) {
	for _, name := range []string{"add-log-sidecar", "krm-sidecars"} {
		out := newSandbox(t, "").Pipe("", name)
		box.Equal(t, name+": exit code", 1, out.Code)
		box.Equal(t, name+": stdout", "", out.Stdout)
		box.Contains(t, name+": stderr", out.Stderr, name+": error: no input: expected a ResourceList")
	}
}

// TestS14_ResultsOnStderr: a line for each result, then the count.
func TestS14_ResultsOnStderr(t *testing.T) {
	out := function(t, contractList(t))
	box.Equal(t, "exit code", 0, out.Code)
	lines := strings.Split(strings.TrimSpace(out.Stderr), "\n")
	results := count(section(out.Stdout, "results"), "severity: info") +
		count(section(out.Stdout, "results"), "severity: warning") - 1 // the earlier function's own
	box.Equal(t, "lines of results", results, len(lines)-1)
	for _, line := range lines {
		box.Equal(t, "prefix of "+line, true, strings.HasPrefix(line, "add-log-sidecar: "))
	}
	box.Contains(t, "last line", lines[len(lines)-1], "injected 2")
	box.Equal(t, "line of the workload", 1, len(linesWith(out.Stderr, " Deployment/shop/web ")))
}

// TestS14_ErrorsComeFirst: hosts cut stderr after a few lines, so an error about
// a later item goes before the warning about an earlier one.
func TestS14_ErrorsComeFirst(t *testing.T) {
	in := strings.Replace(contractList(t), "- name: db\n", "- name: "+sidecar+"\n", 1)
	out := function(t, in)
	box.Equal(t, "exit code", 1, out.Code)
	box.Equal(t, "items", section(in, "items"), section(out.Stdout, "items"))
	box.Contains(t, "results", section(out.Stdout, "results"), "code: container-name-conflict", "severity: warning")
	first, rest, _ := strings.Cut(out.Stderr, "\n")
	box.Contains(t, "first line", first, "add-log-sidecar: error StatefulSet/db spec.template.spec.containers[name="+sidecar+"]: ")
	box.Contains(t, "rest", rest, "add-log-sidecar: warning Deployment/shop/web ")
}

func TestS15_ResultsNameObjectAndFile(t *testing.T) {
	results := section(injected(t), "results")
	box.Contains(t, "results", results, "apiVersion: apps/v1", "kind: Deployment", "name: web", "namespace: shop",
		"path: apps/web.yaml", "index: 1")
}

func TestS16_HelpAndVersionReadNothing(t *testing.T) {
	s := newSandbox(t, "")
	for _, args := range [][]string{
		{"add-log-sidecar", "--help"}, {"krm-sidecars", "--help"}, {"krm-sidecars", "add-log-sidecar", "--help"},
		{"add-log-sidecar", "--version"}, {"krm-sidecars", "--version"}, {"krm-sidecars", "version"},
		{"krm-sidecars", "list"}, {"krm-sidecars", "doc", "add-log-sidecar"},
	} {
		out := s.OK(args[0], args[1:]...)
		box.Equal(t, strings.Join(args, " ")+" says something", true, len(strings.TrimSpace(out.Stdout)) > 0)
	}
	box.Contains(t, "list", s.OK("krm-sidecars", "list").Stdout, "add-log-sidecar")
	box.Contains(t, "help", s.OK("add-log-sidecar", "--help").Stdout, "AddLogSidecar")
}

// TestS16_DocIsJSON: what kpt's catalog reads.
func TestS16_DocIsJSON(t *testing.T) {
	s := newSandbox(t, "")
	for _, args := range [][]string{{"add-log-sidecar", "--doc"}, {"krm-sidecars", "add-log-sidecar", "--doc"}} {
		var doc struct{ Name, Kind, Description string }
		box.Check(t, json.Unmarshal([]byte(s.OK(args[0], args[1:]...).Stdout), &doc))
		box.Equal(t, "function and kind", []string{"add-log-sidecar", "AddLogSidecar"}, []string{doc.Name, doc.Kind})
		box.Equal(t, "description says something", true, doc.Description != "")
	}
}

func TestS21_NothingMatchedCanBeAnError(t *testing.T) {
	target := "    target: {names: [nobody], required: true}\n    logs:\n"
	in := strings.Replace(contractList(t), "    logs:\n", target, 1)
	out := function(t, in)
	box.Equal(t, "exit code", 1, out.Code)
	box.Equal(t, "items", section(in, "items"), section(out.Stdout, "items"))
	box.Contains(t, "results", section(out.Stdout, "results"), "severity: error", "code: nothing-matched")
}

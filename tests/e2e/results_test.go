//go:build e2e

package e2e

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestS9_DuplicateKeys(t *testing.T) {
	in := strings.Replace(contractList(t), "    replicas: 1\n", "    replicas: 1\n    replicas: 2\n", 1)
	out := function(t, in)
	equal(t, "exit code", 1, out.code)
	equal(t, "items", section(in, "items"), section(out.stdout, "items"))
	contains(t, "results", section(out.stdout, "results"), "replicas", "name: web", "severity: error")
	contains(t, "stderr", out.stderr, "add-log-sidecar: error Deployment/shop/web", "replicas")
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
			equal(t, "exit code", 1, out.code)
			equal(t, "items", section(in, "items"), section(out.stdout, "items"))
			results := section(out.stdout, "results")
			contains(t, "results", results, "severity: error", "path: "+tc.field+"\n")
			contains(t, "stderr", out.stderr, "add-log-sidecar: error ", " "+tc.field+": ")
		})
	}
}

func TestS10_AllErrorsAtOnce(t *testing.T) {
	in := strings.Replace(contractList(t), "    logs:\n", "    lgos: []\n    injectAs: thing\n    logs:\n", 1)
	in = strings.Replace(in, "[/var/log/nginx/access.log]", "[access.log]", 1)
	out := function(t, in)
	equal(t, "exit code", 1, out.code)
	results := section(out.stdout, "results")
	for _, field := range []string{"spec.lgos", "spec.injectAs", "spec.logs[0].paths[0]"} {
		contains(t, "results", results, "path: "+field+"\n")
		contains(t, "stderr", out.stderr, " "+field+": ")
	}
}

func TestS11_WarningsExitZero(t *testing.T) {
	in := strings.Replace(contractList(t), "    logs:\n", "    target: {names: [nobody]}\n    logs:\n", 1)
	out := function(t, in)
	equal(t, "exit code", 0, out.code)
	equal(t, "items", section(in, "items"), section(out.stdout, "items"))
	contains(t, "results", section(out.stdout, "results"), "severity: warning", "code: nothing-matched")
	contains(t, "stderr", out.stderr, `add-log-sidecar: warning AddLogSidecar/nginx-logs spec.target: selects no workload`)
}

func TestS12_GarbageGivesNothing(t *testing.T) {
	for _, in := range []string{"kind: [", "a: b\n---\nc: d\n", "hello"} {
		out := function(t, in)
		equal(t, "exit code", 1, out.code)
		equal(t, "stdout", "", out.stdout)
		contains(t, "stderr", out.stderr, "add-log-sidecar: error: expected a ResourceList")
	}
}

func TestS13_EmptyInput(t *testing.T) {
	for _, name := range []string{"add-log-sidecar", "krm-sidecars"} {
		out := newSandbox(t, "").pipe("", name)
		equal(t, name+": exit code", 1, out.code)
		equal(t, name+": stdout", "", out.stdout)
		contains(t, name+": stderr", out.stderr, name+": error: no input: expected a ResourceList")
	}
}

// TestS14_ResultsOnStderr: a line for each result, then the count.
func TestS14_ResultsOnStderr(t *testing.T) {
	out := function(t, contractList(t))
	equal(t, "exit code", 0, out.code)
	lines := strings.Split(strings.TrimSpace(out.stderr), "\n")
	results := count(section(out.stdout, "results"), "severity: info") +
		count(section(out.stdout, "results"), "severity: warning") - 1 // the earlier function's own
	equal(t, "lines of results", results, len(lines)-1)
	for _, line := range lines {
		equal(t, "prefix of "+line, true, strings.HasPrefix(line, "add-log-sidecar: "))
	}
	contains(t, "last line", lines[len(lines)-1], "injected 2")
	equal(t, "line of the workload", 1, len(linesWith(out.stderr, " Deployment/shop/web ")))
}

// TestS14_ErrorsComeFirst: hosts cut stderr after a few lines, so an error about
// a later item goes before the warning about an earlier one.
func TestS14_ErrorsComeFirst(t *testing.T) {
	in := strings.Replace(contractList(t), "- name: db\n", "- name: "+sidecar+"\n", 1)
	out := function(t, in)
	equal(t, "exit code", 1, out.code)
	equal(t, "items", section(in, "items"), section(out.stdout, "items"))
	contains(t, "results", section(out.stdout, "results"), "code: container-name-conflict", "severity: warning")
	first, rest, _ := strings.Cut(out.stderr, "\n")
	contains(t, "first line", first, "add-log-sidecar: error StatefulSet/db spec.template.spec.containers[name="+sidecar+"]: ")
	contains(t, "rest", rest, "add-log-sidecar: warning Deployment/shop/web ")
}

func TestS15_ResultsNameObjectAndFile(t *testing.T) {
	results := section(injected(t), "results")
	contains(t, "results", results, "apiVersion: apps/v1", "kind: Deployment", "name: web", "namespace: shop",
		"path: apps/web.yaml", "index: 1")
}

func TestS16_HelpAndVersionReadNothing(t *testing.T) {
	s := newSandbox(t, "")
	for _, args := range [][]string{
		{"add-log-sidecar", "--help"}, {"krm-sidecars", "--help"}, {"krm-sidecars", "add-log-sidecar", "--help"},
		{"add-log-sidecar", "--version"}, {"krm-sidecars", "--version"}, {"krm-sidecars", "version"},
		{"krm-sidecars", "list"}, {"krm-sidecars", "doc", "add-log-sidecar"},
	} {
		out := s.ok(args[0], args[1:]...)
		equal(t, strings.Join(args, " ")+" says something", true, len(strings.TrimSpace(out.stdout)) > 0)
	}
	contains(t, "list", s.ok("krm-sidecars", "list").stdout, "add-log-sidecar")
	contains(t, "help", s.ok("add-log-sidecar", "--help").stdout, "AddLogSidecar")
}

// TestS16_DocIsJSON: what kpt's catalog reads.
func TestS16_DocIsJSON(t *testing.T) {
	s := newSandbox(t, "")
	for _, args := range [][]string{{"add-log-sidecar", "--doc"}, {"krm-sidecars", "add-log-sidecar", "--doc"}} {
		var doc struct{ Name, Kind, Description string }
		check(t, json.Unmarshal([]byte(s.ok(args[0], args[1:]...).stdout), &doc))
		equal(t, "function and kind", []string{"add-log-sidecar", "AddLogSidecar"}, []string{doc.Name, doc.Kind})
		equal(t, "description says something", true, doc.Description != "")
	}
}

func TestS21_NothingMatchedCanBeAnError(t *testing.T) {
	target := "    target: {names: [nobody], required: true}\n    logs:\n"
	in := strings.Replace(contractList(t), "    logs:\n", target, 1)
	out := function(t, in)
	equal(t, "exit code", 1, out.code)
	equal(t, "items", section(in, "items"), section(out.stdout, "items"))
	contains(t, "results", section(out.stdout, "results"), "severity: error", "code: nothing-matched")
}

//go:build e2e

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// result is an entry of results, as the functions specification has it.
type result struct {
	Message     string            `json:"message"`
	Severity    string            `json:"severity"`
	ResourceRef *reference        `json:"resourceRef"`
	Field       *place            `json:"field"`
	File        *place            `json:"file"`
	Tags        map[string]string `json:"tags"`
}

type reference struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Namespace  string `json:"namespace"`
}

type place struct {
	Path  string `json:"path"`
	Index int    `json:"index"`
}

// ours are the results in a list that a function of ours has written; a field
// that the specification does not have is an error.
func ours(t *testing.T, list string) []result {
	t.Helper()
	var all struct {
		Results []result `json:"results"`
	}
	box.Check(t, yaml.UnmarshalStrict([]byte(section(list, "results")), &all))
	return slices.DeleteFunc(all.Results, func(r result) bool { return r.Tags["function"] == "" })
}

// line is how a result reads on stderr.
func (r result) line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", r.Tags["function"], r.Severity)
	if ref := r.ResourceRef; ref != nil {
		names := slices.DeleteFunc([]string{ref.Kind, ref.Namespace, ref.Name}, func(s string) bool { return s == "" })
		b.WriteString(" " + strings.Join(names, "/"))
	}
	if r.Field != nil {
		b.WriteString(" " + r.Field.Path)
	}
	return b.String() + ": " + strings.ReplaceAll(r.Message, "\n", "; ")
}

// told are inputs that make results of every sort, with the exit code.
func told(t *testing.T) map[string]struct {
	list string
	code int
} {
	t.Helper()
	list := contractList(t)
	path := "    name: nginx-logs\n    annotations: {internal.config.kubernetes.io/path: log.yaml, internal.config.kubernetes.io/index: '2'}\n"
	wrongConfig := strings.Replace(strings.Replace(list, "    logs:\n", "    lgos: []\n    agent: tial\n    logs:\n", 1), "    name: nginx-logs\n", path, 1)
	return map[string]struct {
		list string
		code int
	}{
		"warnings":       {list, 0},
		"infos":          {strings.Replace(list, section(list, "items"), "items:\n"+items(list)[4]+items(list)[5], 1), 0},
		"nothing":        {strings.Replace(list, section(list, "items"), "items:\n"+items(list)[1], 1), 0},
		"conflict":       {strings.Replace(list, "- name: db\n", "- name: "+sidecar+"\n", 1), 1},
		"wrong config":   {wrongConfig, 1},
		"duplicate keys": {strings.Replace(list, "    replicas: 1\n", "    replicas: 1\n    replicas: 2\n", 1), 1},
		"misshapen":      {strings.Replace(list, "        # the only container\n", "        volumes: {}\n", 1), 1},
	}
}

// TestS11_ErrorsAndOnlyErrorsFail, whatever else is told beside them.
func TestS11_ErrorsAndOnlyErrorsFail(t *testing.T) {
	seen := map[string]bool{}
	for name, tc := range told(t) {
		out := function(t, tc.list)
		box.Equal(t, name+": exit code", tc.code, out.Code)
		failed := slices.ContainsFunc(ours(t, out.Stdout), func(r result) bool { return r.Severity == "error" })
		box.Equal(t, name+": has an error", tc.code != 0, failed)
		for _, r := range ours(t, out.Stdout) {
			seen[r.Severity] = true
		}
	}
	box.Equal(t, "severities", map[string]bool{"error": true, "warning": true, "info": true}, seen)
}

// TestS14_ALineForEachResult, errors first, and the count last.
func TestS14_ALineForEachResult(t *testing.T) {
	rank := map[string]int{"error": 0, "warning": 1, "info": 2}
	for name, tc := range told(t) {
		t.Run(name, func(t *testing.T) {
			out := function(t, tc.list)
			results := ours(t, out.Stdout)
			box.Equal(t, "there are results", true, len(results) > 0)
			slices.SortStableFunc(results, func(a, b result) int { return rank[a.Severity] - rank[b.Severity] })
			lines := strings.Split(strings.TrimSuffix(out.Stderr, "\n"), "\n")
			box.Equal(t, "lines", len(results)+1, len(lines))
			for i, r := range results {
				box.Equal(t, "line", true, i < len(lines) && strings.HasPrefix(lines[i], r.line()))
			}
			box.Contains(t, "last line", lines[len(lines)-1], "injected ")
		})
	}
}

// TestS15_EveryResultNamesItsObject, and the file where the host has told it.
func TestS15_EveryResultNamesItsObject(t *testing.T) {
	for name, tc := range told(t) {
		t.Run(name, func(t *testing.T) {
			for _, r := range ours(t, function(t, tc.list).Stdout) {
				if r.ResourceRef == nil {
					t.Errorf("no object: %s", r.line())
					continue
				}
				named := r.ResourceRef.APIVersion != "" && r.ResourceRef.Kind != "" && r.ResourceRef.Name != ""
				box.Equal(t, "object of "+r.line(), true, named)
				if want, known := fileOf(tc.list, r.ResourceRef); known {
					box.Equal(t, "file of "+r.line(), &want, r.File)
				}
			}
		})
	}
}

// fileOf is where an object of contractList comes from, if the list says so.
func fileOf(list string, ref *reference) (place, bool) {
	switch {
	case ref.Name == "web":
		return place{"apps/web.yaml", 1}, true
	case ref.Name == "nginx-logs" && strings.Contains(list, "path: log.yaml"):
		return place{"log.yaml", 2}, true
	}
	return place{}, false
}

// TestS18_EarlierResultsStayInFailures: ours come behind them.
func TestS18_EarlierResultsStayInFailures(t *testing.T) {
	for name, tc := range told(t) {
		earlier := section(tc.list, "results") + "- message: 'and more'\n  severity: error\n  tags: {a: b}\n"
		in := strings.Replace(tc.list, section(tc.list, "results"), earlier, 1)
		out := function(t, in)
		box.Equal(t, name+": exit code", tc.code, out.Code)
		got := section(out.Stdout, "results")
		box.Equal(t, name+": starts with the earlier results", true, strings.HasPrefix(got, earlier))
		box.Equal(t, name+": has ours behind them", true, len(ours(t, out.Stdout)) > 0)
		box.Lacks(t, name+": stderr", out.Stderr, "and more")
	}
}

// TestS21_NoMatchIsNoError for any function, in function mode and in a stream.
func TestS21_NoMatchIsNoError(t *testing.T) {
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		in := strings.Replace(list, section(list, "items"), "items:\n"+items(list)[1], 1)
		s := newSandbox(t, "")
		out := s.OKPipe(in, name)
		box.Equal(t, "items", section(in, "items"), section(out.Stdout, "items"))
		box.Contains(t, "results", section(out.Stdout, "results"), "severity: warning", "code: nothing-matched")

		_, config, _ := strings.Cut(section(list, "functionConfig"), "\n")
		s.Write("config.yaml", strings.ReplaceAll(config[2:], "\n  ", "\n"))
		const stream = "kind: Note\nmetadata: {name: a}\n"
		box.Equal(t, "stream", stream, s.OKPipe(stream, "krm-sidecars", "post-render", "-c", "config.yaml").Stdout)
	})
}

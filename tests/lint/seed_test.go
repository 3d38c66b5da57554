package lint

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// guide are the examples of the guide. The last is put together from its best
// practices, beside an app.
func guide(text string) map[string]string {
	cut := func(from string) string {
		_, rest, _ := strings.Cut(text, "\n"+from)
		block, _, _ := strings.Cut(rest, "\n  •")
		return from + block + "\n"
	}
	kind := func(kind, name string) string {
		head := "apiVersion: " + map[string]string{"Deployment": "apps/v1", "Pod": "v1"}[kind] + "\nkind: " + kind + "\nmetadata:\n  name: " + name + "\n"
		_, rest, _ := strings.Cut(text, head)
		var block strings.Builder
		block.WriteString(head)
		for line := range strings.Lines(rest) {
			if strings.HasPrefix(line, "Explanation:") || strings.HasPrefix(line, "Detailed Explanation:") {
				break
			}
			block.WriteString(line)
		}
		return block.String()
	}
	const app = "containers:\n- name: app\n  image: example.com/app:1.0\n"
	practice := cut("initContainers:") + app + strings.TrimPrefix(cut("containers:\n- name: efficient"), "containers:\n") + cut("  securityContext:") + cut("  livenessProbe:")
	practice = strings.ReplaceAll(strings.TrimRight(practice, "\n"), "\n", "\n  ")
	return map[string]string{
		"init": kind("Deployment", "init-deploy-demo"), "sidecar": kind("Deployment", "sidecar-deploy-demo"),
		"mesh": kind("Pod", "service-mesh-app"), "observability": kind("Pod", "observable-app"), "security": kind("Pod", "secure-app"),
		"practices": "apiVersion: v1\nkind: Pod\nmetadata: {name: practices}\nspec:\n  " + practice + "\n",
	}
}

// TestGuide: each example of the guide that the project grew from gets the findings
// that it deserves, and no others.
func TestGuide(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/seed/*.txt")
	if len(files) != 1 {
		t.Skip("the guide is not here: ../shared/seed")
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	const restricted = "SC013a SC013b SC013d SC013e SC014"
	want := map[string]string{
		"init":          "SC011 " + restricted + " SC022",
		"sidecar":       "SC008 SC009 SC011 " + restricted + " SC022 SC023 SC042",
		"mesh":          "SC029 SC033",
		"observability": "SC011 " + restricted + " SC015 SC016 SC017 SC022 SC023 SC033 SC042 SC046",
		"security":      "SC011 " + restricted + " SC015 SC016 SC022 SC027 SC033 SC047",
		"practices":     restricted + " SC033",
	}
	for name, block := range guide(string(text)) {
		if diff := cmp.Diff(want[name], firing(t, name, block)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// firing are the rules that find something in a text, each once, in their order.
func firing(t *testing.T, name, text string) string {
	t.Helper()
	var found []string
	for _, r := range judge(t, name+".yaml", text) {
		found = append(found, r.Rule)
	}
	return strings.Join(slices.Compact(found), " ")
}

// TestPatterns does the same for manifests that make the same mistakes: each file
// begins with a comment that names the rules.
func TestPatterns(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) != 6 {
		t.Fatalf("found %d patterns: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(text), "\n")
		if diff := cmp.Diff(strings.TrimPrefix(first, "# "), firing(t, file, string(text))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

// TestAllTold: a finding that fails the run hides none that does not.
func TestAllTold(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no patterns", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all := judge(t, file, string(text))
		for _, failOn := range []string{"error", "warning", "info"} {
			told := judgeBy(t, strings.Replace(config, "never", failOn, 1), file, string(text))
			if len(told) != len(all) {
				t.Errorf("%s: of %d findings, failOn: %s tells %d", file, len(all), failOn, len(told))
			}
		}
	}
}

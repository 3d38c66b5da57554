package fntest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
)

var update = flag.Bool("update", false, "write the golden files anew") //nolint:gochecknoglobals // flags are made when a test program starts

// The files of a case.
const (
	configFile  = "config.yaml"
	inputFile   = "in.yaml"
	outputFile  = "out.yaml"
	resultsFile = "results"
)

// Golden checks every case in testdata/*.txtar. A case holds config.yaml, in.yaml,
// out.yaml, and the messages in results. Beside the golden text each case is
// checked for the promises, and for output that Kubernetes' types take
// strictly.
func Golden(t *testing.T, functions ...krm.Function) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in testdata: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runCase(t, functions, file) })
	}
}

func runCase(t *testing.T, functions []krm.Function, file string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	part := map[string]string{}
	for _, f := range archive.Files {
		part[f.Name] = string(f.Data)
	}
	out, report := Promises(t, Instances(t, functions, part[configFile]), part[inputFile])
	results := messages(report)
	if *update {
		archive.Files = archive.Files[:2]
		archive.Files = append(archive.Files, txtar.File{Name: outputFile, Data: []byte(out)}, txtar.File{Name: resultsFile, Data: []byte(results)})
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(part[outputFile], out); diff != "" {
		t.Errorf("output mismatch (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(part[resultsFile], results); diff != "" {
		t.Errorf("results mismatch (-want +got):\n%s", diff)
	}
	strict(t, out)
}

func messages(report krm.Report) string {
	var b strings.Builder
	for _, r := range report.Results {
		b.WriteString(r.Line() + "\n")
	}
	b.WriteString(report.Summary("summary") + "\n")
	return b.String()
}

// strict decodes the workloads in text into their Kubernetes types: unknown
// fields and wrong types are mistakes of ours.
func strict(t *testing.T, text string) {
	t.Helper()
	s, err := manifest.Read("out.yaml", text)
	if err != nil {
		t.Error(err)
		return
	}
	types := map[string]func() any{
		"v1/Pod": func() any { return &corev1.Pod{} }, "v1/ConfigMap": func() any { return &corev1.ConfigMap{} },
		"apps/v1/Deployment": func() any { return &appsv1.Deployment{} }, "apps/v1/StatefulSet": func() any { return &appsv1.StatefulSet{} },
		"apps/v1/DaemonSet": func() any { return &appsv1.DaemonSet{} },
		"batch/v1/Job":      func() any { return &batchv1.Job{} }, "batch/v1/CronJob": func() any { return &batchv1.CronJob{} },
	}
	for _, o := range s.Objects {
		fresh, ok := types[o.APIVersion+"/"+o.Kind]
		if !ok {
			continue
		}
		if err := yaml.UnmarshalStrict([]byte(o.Alone()), fresh()); err != nil {
			t.Errorf("%s %s does not decode strictly: %v", o.APIVersion, o.Kind, err)
		}
	}
}

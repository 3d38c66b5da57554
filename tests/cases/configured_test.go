package cases

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// configured returns an instance of the function of a kind, with the given spec.
func configured(t *testing.T, kind, name, spec string) *krm.Instance {
	t.Helper()
	instances, err := krm.ReadConfigs(all(), "config.yaml", configText(kind, name, spec))
	if err != nil {
		t.Fatal(err)
	}
	return instances[0]
}

func configText(kind, name, spec string) string {
	return "apiVersion: krm-sidecars.dev/v1alpha1\nkind: " + kind + "\nmetadata: {name: " + name + "}\nspec:\n" + indented(spec)
}

// misconfigured checks that a spec is refused, with words.
func misconfigured(t *testing.T, kind, spec string, words ...string) {
	t.Helper()
	_, err := krm.ReadConfigs(all(), "config.yaml", configText(kind, "p", spec))
	if err == nil {
		t.Errorf("%s takes the spec\n%s", kind, spec)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%s: error %q does not say %q", kind, err, word)
		}
	}
}

// does is a run of one instance of the function of a kind, named p.
func does(t *testing.T, kind, spec string) run {
	t.Helper()
	return run{t, []*krm.Instance{configured(t, kind, "p", spec)}}
}

// Kinds of configs.
const (
	addLogs     = "AddLogSidecar"
	addVault    = "AddVaultInit"
	addMesh     = "AddMeshAnnotation"
	addExporter = "AddExporter"
)

// Specs that say no more than is needed.
const (
	webSecret = "address: https://vault.vault.svc:8200\nrole: web\nsecrets: [{path: secret/data/web}]\n"
	istio     = "mesh: istio\n"
	redis     = "preset: redis\n"
)

// serving is a Deployment with labels on its pods and a pod spec of one's own.
func serving(spec string) string {
	return strings.Replace(deployment(spec), "  template:\n", "  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n", 1)
}

// says checks that one of the results has a code and a severity, and says words.
func (r run) says(src string, severity pod.Severity, code pod.Code, words ...string) {
	r.t.Helper()
	_, report := r.text(src)
	res := result(r.t, report, code)
	if res.Severity != severity {
		r.t.Errorf("%s is of severity %q, want %q: %s", code, res.Severity, severity, res.Message)
	}
	says(r.t, res, words...)
}

// silent checks that no result has a code.
func (r run) silent(src string, code pod.Code) {
	r.t.Helper()
	if _, report := r.text(src); fntest.Has(report, code) {
		r.t.Errorf("there is a result %s:\n%s", code, lines(report))
	}
}

// holds checks that what a run makes holds texts.
func holds(t *testing.T, out string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(out, text) {
			t.Errorf("the output does not hold %q:\n%s", text, out)
		}
	}
}

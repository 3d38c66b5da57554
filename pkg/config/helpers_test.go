package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// testSpec has a field of every sort that functions use.
type testSpec struct {
	config.Common `json:",inline"`
	Logs          []testLog          `json:"logs,omitempty"`
	Agent         string             `json:"agent,omitempty"`
	Role          string             `json:"role"`
	Port          int32              `json:"port,omitempty"`
	Count         uint8              `json:"count,omitempty"`
	Ratio         float64            `json:"ratio,omitempty"`
	Readiness     *bool              `json:"readiness,omitempty"`
	Size          *resource.Quantity `json:"size,omitempty"`
	Interval      metav1.Duration    `json:"interval,omitempty"`
	Listen        intstr.IntOrString `json:"listen,omitempty"`
	Fields        map[string]string  `json:"fields,omitempty"`
	Extra         map[string]any     `json:"extra,omitempty"`
	Hidden        string             `json:"-"`
	Volume        *testVolume        `json:"volume,omitempty"`
}

type testLog struct {
	Container string   `json:"container,omitempty"`
	Paths     []string `json:"paths,omitempty"`
}

type testVolume struct {
	SizeLimit resource.Quantity `json:"sizeLimit,omitempty"`
}

func parse(t *testing.T, src string) *yamlpatch.Doc {
	t.Helper()
	doc, err := yamlpatch.Parse(src, 0)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// ours returns a config of our own kind with the given spec, which begins on
// line 5.
func ours(spec string) string {
	return "apiVersion: krm-sidecars.dev/v1alpha1\nkind: AddLogSidecar\nmetadata: {name: logs}\nspec:\n" + indent(spec)
}

// configMap returns a config as kpt makes it; its data begin on line 5.
func configMap(data string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: function-input}\ndata:\n" + indent(data)
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

// lines prints errors as "line: path: message".
func lines(errs config.Errors) []string {
	var all []string
	for _, e := range errs {
		all = append(all, fmt.Sprintf("%d: %s", e.Line, e))
	}
	return all
}

func diff(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s mismatch (-want +got)\n%s", what, d)
	}
}

package edit_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

func TestOf(t *testing.T) {
	yes := true
	limit := resource.MustParse("1.5Gi")
	for want, x := range map[string]any{
		`{"name":"app"}`: corev1.Container{Name: "app"},
		`{"name":"v","emptyDir":{}}`: corev1.Volume{Name: "v", VolumeSource: corev1.VolumeSource{
			EmptyDir: &corev1.EmptyDirVolumeSource{}}},
		`{"name":"v","emptyDir":{"sizeLimit":"1536Mi"}}`: corev1.Volume{Name: "v", VolumeSource: corev1.VolumeSource{
			EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: &limit}}},
		`{"httpGet":{"port":"http"}}`:     corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromString("http")}},
		`{"httpGet":{"port":80}}`:         corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromInt32(80)}},
		`{"readOnlyRootFilesystem":true}`: corev1.SecurityContext{ReadOnlyRootFilesystem: &yes},
		`{"a":[1,"2",true],"b":{}}`:       map[string]any{"b": map[string]any{}, "a": []any{1, "2", true}},
		`null`:                            nil,
	} {
		got, err := edit.Of(x)
		if err != nil || got.JSON() != want {
			t.Errorf("Of(%+v) = %s, %v, want %s", x, got.JSON(), err, want)
		}
	}
	if _, err := edit.Of(func() {}); err == nil {
		t.Error("Of(func) gives no error")
	}
}

func TestArrange(t *testing.T) {
	v, err := edit.Of(map[string]int{"a": 1, "b": 2, "c": 3})
	if err != nil {
		t.Fatal(err)
	}
	v.Arrange([]string{"c", "x", "a"})
	if got := v.JSON(); got != `{"c":3,"a":1,"b":2}` {
		t.Errorf("Arrange() makes %s", got)
	}
}

package older

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// types are the kinds that we change or generate.
func types() map[string]func() any {
	return map[string]func() any{
		"v1 Pod":                   func() any { return &corev1.Pod{} },
		"v1 PodTemplate":           func() any { return &corev1.PodTemplate{} },
		"v1 ReplicationController": func() any { return &corev1.ReplicationController{} },
		"v1 ConfigMap":             func() any { return &corev1.ConfigMap{} },
		"v1 Service":               func() any { return &corev1.Service{} },
		"apps/v1 Deployment":       func() any { return &appsv1.Deployment{} },
		"apps/v1 StatefulSet":      func() any { return &appsv1.StatefulSet{} },
		"apps/v1 DaemonSet":        func() any { return &appsv1.DaemonSet{} },
		"apps/v1 ReplicaSet":       func() any { return &appsv1.ReplicaSet{} },
		"batch/v1 Job":             func() any { return &batchv1.Job{} },
		"batch/v1 CronJob":         func() any { return &batchv1.CronJob{} },
	}
}

// compare checks objects: whatever is wrong with one was wrong before, and there
// are no more native sidecars.
func compare(t *testing.T, before, after map[string]map[string]any) {
	t.Helper()
	for name, is := range after {
		was := before[name]
		for _, mistake := range mistakes(is) {
			if was == nil || !slices.Contains(mistakes(was), mistake) {
				t.Errorf("%s does not decode with the types of %s: %s", name, version, mistake)
			}
		}
		if n := natives(is); n > natives(was) {
			t.Errorf("%s has %d native sidecars, of which %d are not ours", name, n, natives(was))
		}
	}
}

// mistakes are what strict decoding finds in an object, and in the pod specs of one
// whose kind we have no type for.
func mistakes(object map[string]any) []string {
	fresh, ok := types()[fmt.Sprint(object["apiVersion"], " ", object["kind"])]
	if ok {
		return strict(object, fresh())
	}
	var all []string
	walk(object, func(fields map[string]any) {
		if _, ok := fields["containers"].([]any); ok {
			all = append(all, strict(fields, &corev1.PodSpec{})...)
		}
	})
	return all
}

func strict(fields map[string]any, into any) []string {
	text, err := yaml.Marshal(fields)
	if err == nil {
		err = yaml.UnmarshalStrict(text, into)
	}
	if err != nil {
		return []string{err.Error()}
	}
	return nil
}

// natives counts the init containers with a restart policy, wherever they are.
func natives(object map[string]any) int {
	n := 0
	walk(object, func(fields map[string]any) {
		containers, _ := fields["initContainers"].([]any)
		for _, c := range containers {
			if container, _ := c.(map[string]any); container["restartPolicy"] != nil {
				n++
			}
		}
	})
	return n
}

// walk visits all maps of a value.
func walk(value any, visit func(map[string]any)) {
	switch v := value.(type) {
	case map[string]any:
		visit(v)
		for _, field := range v {
			walk(field, visit)
		}
	case []any:
		for _, item := range v {
			walk(item, visit)
		}
	}
}

// objects reads a stream, and the items of its lists, by what names them.
func objects(t *testing.T, text string) map[string]map[string]any {
	t.Helper()
	all := map[string]map[string]any{}
	reader := utilyaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text)))
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		var object map[string]any
		if err := yaml.Unmarshal(document, &object); err != nil {
			t.Logf("not for Kubernetes: %v", err)
			continue
		}
		items, isList := object["items"].([]any)
		if !isList {
			items = []any{object}
		}
		for _, item := range items {
			fields, _ := item.(map[string]any)
			metadata, _ := fields["metadata"].(map[string]any)
			all[fmt.Sprint(fields["apiVersion"], " ", fields["kind"], " ", metadata["namespace"], " ", metadata["name"])] = fields
		}
	}
}

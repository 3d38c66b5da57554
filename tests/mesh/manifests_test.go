package mesh

import (
	"bufio"
	"errors"
	"io"
	"maps"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"
)

// object is what the tests read of a manifest.
type object struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        metav1.ObjectMeta `json:"metadata"`
	Spec            struct {
		Template    *corev1.PodTemplateSpec `json:"template"`
		JobTemplate struct {
			Spec struct {
				Template *corev1.PodTemplateSpec `json:"template"`
			} `json:"spec"`
		} `json:"jobTemplate"`
	} `json:"spec"`
	Items []map[string]any `json:"items"`
}

// documents reads a stream. Items of Lists stand for themselves.
func documents(t testing.TB, stream string) []string {
	t.Helper()
	var all []string
	r := yaml.NewYAMLReader(bufio.NewReader(strings.NewReader(stream)))
	for {
		text, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, items(t, string(text))...)
	}
}

// items returns the items of a List, or else the document.
func items(t testing.TB, text string) []string {
	t.Helper()
	var list object
	if err := sigsyaml.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("reading a manifest: %v\n%s", err, text)
	}
	if list.Items == nil {
		return []string{text}
	}
	var all []string
	for _, item := range list.Items {
		y, err := sigsyaml.Marshal(item)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(y))
	}
	return all
}

// pods returns the pods that controllers make of manifests, and the labels of the
// namespaces among them.
func pods(t testing.TB, stream string) (made []corev1.Pod, namespaces map[string]map[string]string) {
	t.Helper()
	namespaces = map[string]map[string]string{}
	for _, text := range documents(t, stream) {
		var o object
		if err := sigsyaml.Unmarshal([]byte(text), &o); err != nil {
			t.Fatalf("reading a manifest: %v\n%s", err, text)
		}
		switch {
		case o.Kind == "Namespace":
			namespaces[o.Metadata.Name] = o.Metadata.Labels
		case o.Kind == "Pod":
			var pod corev1.Pod
			if err := sigsyaml.Unmarshal([]byte(text), &pod); err != nil {
				t.Fatal(err)
			}
			made = append(made, inNamespace(pod, o.Metadata.Namespace))
		case o.Spec.JobTemplate.Spec.Template != nil:
			made = append(made, o.pod("Job", *o.Spec.JobTemplate.Spec.Template))
		case o.Spec.Template != nil:
			made = append(made, o.pod(o.Kind, *o.Spec.Template))
		}
	}
	return made, namespaces
}

// pod is what the controller of an object makes of its template.
func (o object) pod(kind string, template corev1.PodTemplateSpec) corev1.Pod {
	pod := corev1.Pod{ObjectMeta: template.ObjectMeta, Spec: template.Spec}
	owner := metav1.OwnerReference{APIVersion: o.APIVersion, Kind: kind, Name: o.Metadata.Name, Controller: new(true)}
	if kind == "Deployment" {
		owner.Kind = "ReplicaSet"
		owner.Name += "-5d"
		pod.Labels = merged(pod.Labels, map[string]string{"pod-template-hash": "5d"})
	}
	pod.Name, pod.GenerateName, pod.OwnerReferences = "", owner.Name+"-", []metav1.OwnerReference{owner}
	return inNamespace(pod, o.Metadata.Namespace)
}

func inNamespace(pod corev1.Pod, namespace string) corev1.Pod {
	pod.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}
	pod.Namespace = namespace
	if namespace == "" {
		pod.Namespace = "default"
	}
	return pod
}

func merged(parts ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range parts {
		maps.Copy(all, m)
	}
	return all
}

// only returns the pod of manifests that make one.
func only(t testing.TB, stream string) (corev1.Pod, map[string]string) {
	t.Helper()
	made, namespaces := pods(t, stream)
	if len(made) != 1 {
		t.Fatalf("the manifests make %d pods, not one:\n%s", len(made), stream)
	}
	return made[0], namespaces[made[0].Namespace]
}

// replaced edits a text, and insists that there is something to edit.
func replaced(text, from, to string) string {
	if !strings.Contains(text, from) {
		panic("nothing to replace: " + from)
	}
	return strings.ReplaceAll(text, from, to)
}

//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"github.com/GoogleContainerTools/kpt-functions-sdk/go/fn"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// readable is contractList without what Kubernetes does not know.
func readable(list string) string {
	return strings.Replace(list, "          future: {field: 0x10}\n", "", 1)
}

// TestS17_ReadersTakeEveryAnswer: kyaml, which kustomize and kpt read with, the
// SDK, which Porch reads with, and Kubernetes' own strict reader. tests/readers
// has those that need dependencies of their own.
func TestS17_ReadersTakeEveryAnswer(t *testing.T) {
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		got := worked(t, name, readable(list))
		want := len(items(got))
		box.Equal(t, "items that kyaml reads", want, len(readByKyaml(t, got)))
		rl, err := fn.ParseResourceList([]byte(got))
		box.Check(t, err)
		box.Equal(t, "items that the SDK reads", want, len(rl.Items))
		box.Check(t, yaml.UnmarshalStrict([]byte(got), new(map[string]any)))
		box.Equal(t, "objects that Kubernetes reads", true, readByKubernetes(t, got) > len(touched))
	})
}

func readByKyaml(t *testing.T, list string) []string {
	t.Helper()
	reader := kio.ByteReader{Reader: strings.NewReader(list)}
	nodes, err := reader.Read()
	box.Check(t, err)
	if reader.FunctionConfig == nil || reader.Results == nil {
		t.Error("kyaml reads no functionConfig or no results")
	}
	var all []string
	for _, n := range nodes {
		text, err := n.String()
		box.Check(t, err)
		all = append(all, text)
	}
	return all
}

// readByKubernetes decodes the items of built-in types, strictly, and counts them.
func readByKubernetes(t *testing.T, list string) int {
	t.Helper()
	scheme := runtime.NewScheme()
	box.Check(t, corev1.AddToScheme(scheme))
	box.Check(t, appsv1.AddToScheme(scheme))
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	read := 0
	for _, item := range items(list) {
		text := strings.ReplaceAll("  "+item[2:], "\n  ", "\n")[2:]
		_, gvk, err := decoder.Decode([]byte(text), nil, nil)
		switch {
		case gvk != nil && scheme.Recognizes(*gvk) && err != nil:
			t.Errorf("%v: %v\n%s", gvk, err, text)
		case err == nil:
			read++
		}
	}
	return read
}

// TestP8_RoundTripThroughTheSDK: Porch reads each answer with the SDK and hands
// on what it has read. On that a second run changes nothing, and what was added
// can be taken away.
func TestP8_RoundTripThroughTheSDK(t *testing.T) {
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		plain := throughSDK(t, list)
		answer := throughSDK(t, worked(t, name, plain))
		box.Equal(t, "second answer", answer, throughSDK(t, worked(t, name, withResultsOf(plain, answer))))
		removed := newSandbox(t, "").OKPipe(answer, "krm-sidecars", "remove", "--all", "-").Stdout
		box.Equal(t, "removed", section(plain, "items"), section(removed, "items"))
	})
}

func throughSDK(t *testing.T, list string) string {
	t.Helper()
	rl, err := fn.ParseResourceList([]byte(list))
	box.Check(t, err)
	text, err := rl.ToYAML()
	box.Check(t, err)
	return string(text)
}

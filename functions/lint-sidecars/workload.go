package lint

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// workloadRules are about the object, its metadata and its variables.
func workloadRules() []rule {
	return []rule{{
		id: "SC033", name: "bare-pod", severity: pod.Warning, check: barePod,
		about:  "A Pod, ReplicaSet or ReplicationController of its own: nothing rolls a change out, and a Pod that is gone stays away.",
		remedy: "use a Deployment, StatefulSet, DaemonSet or Job",
	}, {
		id: "SC041", name: "variable-order", severity: pod.Warning, check: variables,
		about:  "A variable stands twice in a container, or uses one that comes after it and stays $(AS_IT_IS).",
		remedy: "keep one, or put the one that is used first",
	}, {
		id: "SC044", name: "metadata-size", severity: pod.Info, check: metadataSize,
		about:  "The annotations are near the limit of 256 KiB, or a label is over that of 63 characters.",
		remedy: "keep large texts in a ConfigMap",
	}}
}

func barePod(s *subject) {
	ref := s.view.Object
	switch ref.APIVersion + "/" + ref.Kind {
	case "v1/Pod":
		if s.view.Finite() || s.view.Meta().Annotations["helm.sh/hook"] != "" || templated(ref.Name) {
			return
		}
	case "v1/ReplicationController", "apps/v1/ReplicaSet", "extensions/v1beta1/ReplicaSet":
	default:
		return
	}
	s.note(s.rule.severity, "kind", "is a bare %s", ref.Kind)
}

// used are the variables that a value is made of. $$(NAME) stays as it is.
var used = lazyre.New(`(\$*)\$\(([-._a-zA-Z][-._a-zA-Z0-9]*)\)`)

func variables(s *subject) {
	for c := range s.all() {
		for i, e := range c.Env {
			at := fmt.Sprintf("%s.env[name=%s]", c.at, e.Name)
			if slices.ContainsFunc(c.Env[:i], func(other corev1.EnvVar) bool { return other.Name == e.Name }) {
				s.findTo("keep one", at, "%s stands twice, and the last one counts", e.Name)
			}
			for _, m := range used().FindAllStringSubmatch(e.Value, -1) {
				if len(m[1])%2 == 0 && isNamed(c.Env[i+1:], m[2]) && !isNamed(c.Env[:i], m[2]) {
					s.findTo("put that in front", at, "uses $(%s), which is set after it", m[2])
				}
			}
		}
	}
}

func isNamed(env []corev1.EnvVar, name string) bool {
	return slices.ContainsFunc(env, func(e corev1.EnvVar) bool { return e.Name == name })
}

// maxAnnotations is what the API server takes, in bytes; nearMax is when to say so.
const (
	maxAnnotations = 256 << 10
	nearMax        = maxAnnotations / 10 * 8
)

func metadataSize(s *subject) {
	metas := []pod.Meta{s.view.Meta()}
	if len(s.view.Path) > 0 {
		metas = append(metas, pod.Meta{Labels: s.view.Labels, Annotations: s.view.Annotations, Path: s.view.Path})
	}
	for i, m := range metas {
		at := m.Path.String()
		if i > 0 {
			at += ".metadata"
		}
		size := 0
		for key, value := range m.Annotations {
			size += len(key) + len(value)
		}
		if size > nearMax {
			s.note(s.rule.severity, at+".annotations", "take %d KiB of the 256 that the API server allows", size>>10)
		}
		for key, value := range m.Labels {
			if config.LabelValue(value) != "" && !templated(value) {
				s.noteTo("shorten it, or make it an annotation", fmt.Sprintf("%s.labels[%q]", at, key), "%q is no value for a label", value)
			}
		}
	}
}

// templated reports whether something else fills a text in before it is used.
func templated(text string) bool { return strings.Contains(text, "{{") || strings.Contains(text, "$") }

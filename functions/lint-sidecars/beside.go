package lint

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// beside notes a problem in another object than the workload, where it is to be
// mended: at a path of that object. Without a remedy, that of the rule counts. It
// is not told where the rule is ignored for the workload or for that object.
func (s *subject) beside(n pod.Neighbour, remedy, field, format string, args ...any) {
	f := s.finding(s.rule.severity, field, cmp.Or(remedy, s.rule.remedy), fmt.Sprintf(format, args...))
	f.About = &n
	there := config.Candidate{Group: n.Group(), Kind: n.Kind, Name: n.Name, Namespace: n.Namespace, Labels: n.Labels, Annotations: n.Annotations}
	if s.ignored() || s.ignoredBy(parseIgnores("metadata", n.Annotations[ignoreKey]), there) {
		f.Verdict = pod.Ignored
	}
	s.findings = append(s.findings, f)
}

// file is a key of a ConfigMap that a container mounts.
type file struct {
	in   pod.Neighbour
	at   string // its path in the ConfigMap
	text string
}

// files are the ConfigMaps that a container mounts, as far as the input holds them.
func (s *subject) files(c container) []file {
	var all []file
	for _, v := range s.spec.Volumes {
		if v.ConfigMap == nil || !c.mounts(v.Name) {
			continue
		}
		for _, n := range s.view.Neighbours("ConfigMap") {
			if n.Name != v.ConfigMap.Name {
				continue
			}
			data := n.Texts("data")
			for _, key := range slices.Sorted(maps.Keys(data)) {
				all = append(all, file{n, fmt.Sprintf("data[%q]", key), data[key]})
			}
		}
	}
	return all
}

// configOf is the text of the files that a container mounts.
func (s *subject) configOf(c container) string {
	var text strings.Builder
	for _, f := range s.files(c) {
		text.WriteString(f.text + "\n")
	}
	return text.String()
}

package meshannotation

import (
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Mistakes finds the wrong forms of the labels and annotations of every mesh in a
// workload. It has no wish of its own: what is right stays, whatever it says.
func Mistakes(v *pod.View) []inject.Mistake {
	var all []inject.Mistake
	for _, m := range meshes() {
		if m.name == "gcp" { // has the words of istio
			continue
		}
		c := &Config{Mesh: m.name, Inject: injectionUnchanged, Fix: true}
		c.Default()
		s := newSurvey(c, v)
		for _, m := range s.wrong() {
			if !slices.ContainsFunc(all, func(have inject.Mistake) bool { return have.Field == m.Field }) {
				all = append(all, m)
			}
		}
	}
	return all
}

// wrong finds the mistakes, each with what puts it right.
func (s *survey) wrong() []inject.Mistake {
	var all []inject.Mistake
	for _, n := range s.notes() {
		right, wrong := s.examine(n)
		if len(wrong) == 0 {
			continue
		}
		last := wrong[len(wrong)-1]
		m := inject.Mistake{Field: n.String(), Message: said(wrong)}
		if before := len(s.repairs); !last.lost {
			s.mend(n, right)
			m.Repairs = slices.Clone(s.repairs[min(before, len(s.repairs)):])
		} else {
			m.Message = last.message
		}
		all = append(all, m)
	}
	return all
}

package emit

import (
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

func TestTarget(t *testing.T) {
	deployment := pod.Ref{APIVersion: "apps/v1", Kind: "Deployment", Name: "web"}
	inShop := pod.Ref{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "web"}
	service := pod.Ref{APIVersion: "v1", Kind: "Service", Name: "web"}
	knative := pod.Ref{APIVersion: "serving.knative.dev/v1", Kind: "Service", Name: "web"}
	for name, c := range map[string]struct {
		ref    pod.Ref
		others []pod.Ref
		want   string
	}{
		"alone":                                 {deployment, nil, `{"group":"apps","version":"v1","kind":"Deployment","name":"web"}`},
		"with a namespace":                      {inShop, []pod.Ref{deployment}, `{"group":"apps","version":"v1","kind":"Deployment","name":"web","namespace":"shop"}`},
		"without, beside one with a namespace":  {deployment, []pod.Ref{inShop}, `{"group":"apps","version":"v1","kind":"Deployment","name":"web","namespace":"default"}`},
		"of the core group":                     {service, nil, `{"version":"v1","kind":"Service","name":"web"}`},
		"of the core group, beside another one": {service, []pod.Ref{knative}, `{"group":"^$","version":"v1","kind":"Service","name":"web"}`},
		"a name that is a pattern":              {pod.Ref{APIVersion: "v1", Kind: "Pod", Name: "a.b(c)"}, nil, `{"version":"v1","kind":"Pod","name":"a\\.b\\(c\\)"}`},
	} {
		if got := target(c.ref, append(c.others, c.ref)).JSON(); got != c.want {
			t.Errorf("%s: target is %s, want %s", name, got, c.want)
		}
	}
}

func TestRounded(t *testing.T) {
	for text, want := range map[string]bool{
		"1": false, "-5": false, "9007199254740992": false, "9007199254740993": true, "-9007199254740993": true,
		"18446744073709551615": true, "1.5": false, "1e+23": false,
	} {
		if rounded(text) != want {
			t.Errorf("rounded(%s) = %v", text, !want)
		}
	}
}

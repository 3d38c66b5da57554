package cases

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// probe is a config of a function that wants whatever a case needs.
type probe struct {
	config.Common `json:",inline"`
	inj           inject.Injection
	want          func(*pod.View) (*inject.Injection, []pod.Finding) // instead of inj
	namespaces    bool
}

func (p *probe) Validate() config.Errors { return p.Common.Validate() }

func (p *probe) Injection(v *pod.View, _ inject.Owner) (*inject.Injection, []pod.Finding) {
	if p.want != nil {
		return p.want(v)
	}
	return &p.inj, nil
}

func (p *probe) OnNamespaces() bool { return p.namespaces }

// asks is a run of one function that looks at the pod first.
func asks(t *testing.T, want func(*pod.View) (*inject.Injection, []pod.Finding)) run {
	t.Helper()
	r := wants(t, inject.Injection{})
	r.instances[0].Config.(*probe).want = want
	return r
}

// wants is a run of one function that wants inj.
func wants(t *testing.T, inj inject.Injection) run {
	t.Helper()
	return run{t, []*krm.Instance{instance(t, "add-probe", "", inj)}}
}

// wantsWith is wants with fields of the config that all functions have.
func wantsWith(t *testing.T, spec string, inj inject.Injection) run {
	t.Helper()
	return run{t, []*krm.Instance{instance(t, "add-probe", spec, inj)}}
}

// instance is one of a function of that name which wants inj.
func instance(t *testing.T, function, spec string, inj inject.Injection) *krm.Instance {
	t.Helper()
	f := krm.Function{Name: function, Kind: "Probe", New: func() krm.Spec { return &probe{inj: inj} }}
	src := "apiVersion: krm-sidecars.dev/v1alpha1\nkind: Probe\nmetadata: {name: p}\n"
	if spec != "" {
		src += "spec:\n" + indented(spec)
	}
	doc, err := yamlpatch.Parse(src, 0)
	if err != nil {
		t.Fatal(err)
	}
	in, err := krm.NewInstance([]krm.Function{f}, f, doc)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// beside is a container that runs beside the app.
func beside(name string) inject.Container {
	return ranked(name, inject.RankBeside)
}

func ranked(name string, rank inject.Rank) inject.Container {
	return inject.Container{Container: corev1.Container{Name: name, Image: name}, Rank: rank}
}

// first is an init container that ends before the app starts.
func first(name string, rank inject.Rank) inject.Container {
	c := ranked(name, rank)
	c.Init = true
	return c
}

func containers(all ...inject.Container) inject.Injection {
	return inject.Injection{Containers: all}
}

func emptyDir(name string) corev1.Volume {
	return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}
}

func mount(container, volume, path string) inject.Mount {
	return inject.Mount{Container: container, VolumeMount: corev1.VolumeMount{Name: volume, MountPath: path}}
}

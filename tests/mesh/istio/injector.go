package istio

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/mesh/meshwatcher"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/inject"
	"istio.io/istio/pkg/kube/multicluster"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// injector is the webhook of one control plane, and how the API server finds it.
type injector struct {
	hooks    []admissionv1.MutatingWebhook
	handler  http.Handler
	settings *settings
	mesh     *meshconfig.MeshConfig
	client   kube.Client
}

// newInjector starts the injector of a control plane that the chart installs with
// values, in a cluster with one node of a version of Kubernetes.
func newInjector(values, node string, stop chan struct{}) (*injector, error) {
	chart, err := render(discovery, values)
	if err != nil {
		return nil, err
	}
	revision, err := chart.revision()
	if err != nil {
		return nil, err
	}
	settings, err := chart.settings(revision)
	if err != nil {
		return nil, err
	}
	env, err := chart.environment(revision)
	if err != nil {
		return nil, err
	}
	hooks, err := chart.webhooks()
	if err != nil {
		return nil, err
	}
	mux, clusters := http.NewServeMux(), multicluster.NewFakeController()
	_, err = inject.NewWebhook(inject.WebhookParameters{Watcher: settings, Env: env, Mux: mux, Revision: revision, MultiCluster: clusters})
	if err != nil {
		return nil, fmt.Errorf("starting the injector of revision %q: %w", revision, err)
	}
	client := kube.NewFakeClient(&corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: "node"},
		Status:     corev1.NodeStatus{NodeInfo: corev1.NodeSystemInfo{KubeletVersion: node}},
	})
	clusters.Add(constants.DefaultClusterName, client, stop)
	client.RunAndWait(stop)
	return &injector{hooks, mux, settings, env.Mesh(), client}, nil
}

// revision is the name of the control plane that the chart installs: that of its
// webhooks' service.
func (all objects) revision() (string, error) {
	for _, o := range all {
		if name := o.GetName(); o.GetKind() == "Deployment" && strings.HasPrefix(name, "istiod") {
			return strings.TrimPrefix(strings.TrimPrefix(name, "istiod"), "-"), nil
		}
	}
	return "", errors.New("the chart has no Deployment of istiod")
}

// settings returns the templates and values of the injector.
func (all objects) settings(revision string) (*settings, error) {
	name := named("istio-sidecar-injector", revision)
	config, err := all.data(name, "config")
	if err != nil {
		return nil, err
	}
	values, err := all.data(name, "values")
	if err != nil {
		return nil, err
	}
	parsed, err := inject.UnmarshalConfig([]byte(config))
	if err != nil {
		return nil, fmt.Errorf("reading the injector's templates: %w", err)
	}
	return &settings{&parsed, values}, nil
}

// environment returns the part of the control plane that the injector asks.
func (all objects) environment(revision string) (*model.Environment, error) {
	text, err := all.data(named("istio", revision), "mesh")
	if err != nil {
		return nil, err
	}
	config, err := mesh.ApplyMeshConfigDefaults(text)
	if err != nil {
		return nil, fmt.Errorf("reading the mesh configuration: %w", err)
	}
	env := &model.Environment{Watcher: meshwatcher.NewTestWatcher(config)}
	env.SetPushContext(&model.PushContext{ProxyConfigs: &model.ProxyConfigs{}})
	return env, nil
}

// named is the name of an object of a revision.
func named(name, revision string) string {
	if revision == "" {
		return name
	}
	return name + "-" + revision
}

// settings are those of the injector, which never change here.
type settings struct {
	config *inject.Config
	values string
}

// SetHandler would be told of changes.
func (s *settings) SetHandler(func(*inject.Config, string) error) {}

// Run would wait for changes.
func (s *settings) Run(<-chan struct{}) {}

// Get returns the templates and the values.
func (s *settings) Get() (*inject.Config, string, error) { return s.config, s.values, nil }

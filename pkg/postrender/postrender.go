// Package postrender runs functions as a Helm post-renderer inside a Go program:
// Renderer has the one method of helm.sh/helm/v3/pkg/postrender.PostRenderer and
// of its successor in Helm 4, without importing either.
package postrender

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// Renderer is a post-renderer. It keeps no state between runs.
type Renderer struct {
	instances []*krm.Instance
	namespace string
	report    func(krm.Report)
}

// Option changes a Renderer.
type Option func(*Renderer)

// WithNamespace sets the namespace of objects that name none, for targets that
// select by namespace: Helm does not write it into manifests.
func WithNamespace(namespace string) Option {
	return func(r *Renderer) { r.namespace = namespace }
}

// WithReport hands every run's report over, also that of a run that failed.
func WithReport(report func(krm.Report)) Option {
	return func(r *Renderer) { r.report = report }
}

// New returns a Renderer that runs the functionConfigs in configs, a YAML
// stream, in order. The error tells everything that is wrong with them.
func New(functions []krm.Function, configs string, options ...Option) (*Renderer, error) {
	instances, err := krm.ReadConfigs(functions, "config", configs)
	if err != nil {
		return nil, fmt.Errorf("reading the configs: %w", err)
	}
	r := &Renderer{instances: instances, report: func(krm.Report) {}}
	for _, option := range options {
		option(r)
	}
	return r, nil
}

// Run returns the manifests with the injections in them. When one object cannot
// be worked on, there are no manifests; the error names every such object.
func (r *Renderer) Run(manifests *bytes.Buffer) (*bytes.Buffer, error) {
	if strings.TrimSpace(manifests.String()) == "" {
		return bytes.NewBufferString("# no manifests\n"), nil
	}
	e, err := krm.NewEngine(r.instances, r.namespace)
	if err != nil {
		return nil, err
	}
	text, report := e.RunText("", manifests.String())
	if !report.Failed() {
		report.Add(e.Unmatched())
	}
	r.report(report)
	var errs []error
	for _, result := range report.Results {
		if result.Fatal() {
			errs = append(errs, errors.New(result.Line()))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return bytes.NewBufferString(text), nil
}

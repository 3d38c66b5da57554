package exporter

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// plan works out what one pod template needs.
type plan struct {
	config    *Config
	preset    preset
	view      *pod.View
	owner     inject.Owner
	injection inject.Injection
	findings  []pod.Finding

	apps     []pod.Container // what is watched; the first one counts
	assumed  bool            // nothing but its place says that it is the app
	name     string          // of what is added
	port     int32           // of the metrics
	portName string
	status   int32 // port where the app serves its status
	values   map[string]string
	files    map[string]string // of the generated ConfigMap
}

func newPlan(c *Config, v *pod.View, owner inject.Owner) *plan {
	p := &plan{config: c, preset: c.preset, view: v, owner: owner, files: map[string]string{}}
	p.name = p.freeName()
	p.pickApps()
	p.pickPorts()
	p.values = p.texts()
	return p
}

// texts are the values of the placeholders.
func (p *plan) texts() map[string]string {
	c := p.config
	v := map[string]string{"port": strconv.Itoa(int(p.port)), "status": strconv.Itoa(int(p.status)), "ip": "127.0.0.1", "me": "127.0.0.1",
		"config": p.preset.file.path, "log": cmp.Or(c.LogFile, defaultLogFile)}
	if c.JMX != nil {
		v["jar"] = c.JMX.Jar
	}
	if c.IPFamily == ipv6 {
		v["ip"], v["me"] = "[::1]", "::1"
	}
	v["address"] = cmp.Or(c.AppAddress, filled(p.preset.address, v))
	v["uri"] = cmp.Or(c.URI, filled(p.preset.uri, v))
	return v
}

// fill puts values in the place of placeholders.
func (p *plan) fill(text string) string { return filled(text, p.values) }

func filled(text string, values map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		pairs = append(pairs, "{"+name+"}", values[name])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (p *plan) fillAll(texts []string) []string {
	var all []string
	for _, text := range texts {
		all = append(all, p.fill(text))
	}
	return all
}

// app is the container that is watched. Where that is a guess, it tells so, once.
func (p *plan) app() pod.Container {
	app := p.apps[0]
	if p.assumed {
		p.findf(pod.Info, pod.AppAssumed, "container %q is taken for the app, because it is the first; name another one in spec.target.containers", app.Name)
		p.assumed = false
	}
	return app
}

// pickApps finds out which containers are watched: those that the config names,
// those that serve the port of a native preset, those of an image that the preset
// is for, or else the first one.
func (p *plan) pickApps() {
	own := p.view.Own()
	if want := p.config.Target.Containers; len(want) > 0 {
		apps, bad := p.view.Pick("spec.target.containers", own, want)
		p.apps, p.findings = apps, append(p.findings, bad...)
	}
	for _, fits := range []func(pod.Container) bool{p.servesPort, func(c pod.Container) bool { return p.preset.suits(c.Image) }} {
		if i := slices.IndexFunc(own, fits); len(p.apps) == 0 && i >= 0 {
			p.apps = own[i : i+1]
		}
	}
	if len(p.apps) == 0 && len(own) > 0 {
		p.apps, p.assumed = own[:1], len(own) > 1
	}
}

// servesPort reports whether a container has the port of a native preset.
func (p *plan) servesPort(c pod.Container) bool {
	port := cmp.Or(p.config.number(), p.preset.port)
	return p.preset.native && slices.ContainsFunc(c.Ports, isTCP(port))
}

// findf notes something to tell about the pod template.
func (p *plan) findf(s pod.Severity, code pod.Code, format string, args ...any) {
	p.findings = append(p.findings, pod.Finding{Severity: s, Code: code, Field: p.view.Path.String(), Message: fmt.Sprintf(format, args...)})
}

// addConfigMap generates the files that containers are to read.
func (p *plan) addConfigMap() {
	if len(p.files) > 0 {
		p.injection.AddConfigMap(p.owner, p.object(), p.files)
	}
}

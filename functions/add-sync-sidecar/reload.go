package syncsidecar

import (
	"cmp"
	"path"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Watch are directories of the app that show ConfigMaps or Secrets.
type Watch struct {
	// Paths of the directories, as the app sees them. Required.
	// +required
	// +krm-sidecars:text=absolute
	Paths []string `json:"paths,omitempty"`
	// Container that has them mounted. Default: the first that has.
	// +krm-sidecars:text=dns-label
	Container string `json:"container,omitempty"`
}

func (w Watch) validate() config.Errors {
	var errs config.Errors
	if len(w.Paths) == 0 {
		errs.Addf("paths", "missing; list the directories where the app has its ConfigMaps or Secrets mounted")
	}
	errs = append(errs, config.All("paths", w.Paths, config.MountPath)...)
	return append(errs, config.Each("container", w.Container, config.DNSLabel)...)
}

// see has a container of ours see the directories of the app.
func (p *plan) see(c *corev1.Container, field string, w Watch) {
	apps := inject.Apps(p.View)
	if w.Container != "" {
		apps = p.pick(field+".container", []string{w.Container})
	}
	for _, dir := range w.Paths {
		p.seeOne(c, apps, dir)
	}
}

func (p *plan) seeOne(c *corev1.Container, apps []pod.Container, dir string) {
	for _, app := range apps {
		m, ok := app.MountAt(dir)
		switch {
		case !ok:
			continue
		case m.SubPath != "" || m.SubPathExpr != "":
			p.Findf(pod.Error, pod.NeverUpdated, "container %q mounts %s by a subPath, which never changes while the pod runs; mount the whole volume", app.Name, m.MountPath)
		case !slices.ContainsFunc(c.VolumeMounts, func(have corev1.VolumeMount) bool { return have.MountPath == m.MountPath }):
			c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: m.Name, MountPath: m.MountPath, ReadOnly: true})
		}
		return
	}
	p.Findf(pod.Error, pod.VolumeNotShared, "no container of the app has a volume at %s; correct paths, or mount it", dir)
}

// ConfigReload is configmap-reload.
type ConfigReload struct {
	Watch `json:",inline"`
	// Notify is called when something has changed. Required.
	// +required
	Notify Notify `json:"notify,omitempty"`
	// Port of the sidecar's metrics. Default 9533, or the next that is free.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port,omitempty"`
	// Args are further arguments.
	Args []string `json:"args,omitempty"`
}

func (r *ConfigReload) setDefaults() { r.Notify.setDefaults() }

func (r *ConfigReload) validate() config.Errors {
	errs := append(r.Watch.validate(), r.Notify.validate("notify")...)
	errs = append(errs, config.PortNumber("port", r.Port)...)
	return append(errs, config.NoPasswords("args", r.Args)...)
}

func (r *ConfigReload) add(p *plan) {
	c := p.container("config-reload", "configmap-reload")
	for _, dir := range r.Paths {
		c.Args = append(c.Args, inject.Flags("--volume-dir", dir)...)
	}
	c.Args = append(c.Args, inject.Flags("--webhook-url", r.Notify.URL, "--webhook-method", r.Notify.Method, "--webhook-retries", "5")...)
	metrics := p.free(r.Port, 9533)
	c.Args = append(c.Args, "--web.listen-address=:"+number(metrics))
	c.Args = append(c.Args, inject.Literals(r.Args)...)
	c.Ports = []corev1.ContainerPort{{ContainerPort: metrics}}
	c.LivenessProbe = &corev1.Probe{PeriodSeconds: 30, TimeoutSeconds: 5, ProbeHandler: corev1.ProbeHandler{
		TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(metrics)}}}
	p.see(&c, "spec.configReload", r.Watch)
	p.run(c, inject.RankBeside)
}

// PrometheusReload is prometheus-config-reloader.
type PrometheusReload struct {
	Watch `json:",inline"`
	// ConfigFile is a file in which $(NAME) stands for variables of the sidecar.
	// +krm-sidecars:text=absolute
	ConfigFile string `json:"configFile,omitempty"`
	// Output is where the file with the variables filled in goes, under its own name.
	Output *Mount `json:"output,omitempty"`
	// ReloadURL is called when something has changed. Default
	// http://127.0.0.1:9090/-/reload.
	// +kubebuilder:default="http://127.0.0.1:9090/-/reload"
	// +krm-sidecars:text=url
	ReloadURL string `json:"reloadURL,omitempty"`
	// Interval between two looks, beside what the kernel tells. Default 3m.
	// +kubebuilder:default="3m"
	// +krm-sidecars:text=duration
	Interval string `json:"interval,omitempty"`
	// Port of the sidecar's health and metrics. Default 8080, or the next that is free.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port,omitempty"`
	// Args are further arguments.
	Args []string `json:"args,omitempty"`
}

func (r *PrometheusReload) setDefaults() {
	r.ReloadURL = cmp.Or(r.ReloadURL, "http://127.0.0.1:9090/-/reload")
	r.Interval = cmp.Or(r.Interval, "3m")
	if r.Output != nil {
		r.Output.setDefaults()
	}
}

func (r *PrometheusReload) validate() config.Errors {
	errs := r.Watch.validate()
	errs = append(errs, config.Each("configFile", r.ConfigFile, absoluteFile)...)
	if (r.ConfigFile == "") != (r.Output == nil) {
		errs.Addf("output", "goes with configFile: one says which file is filled in, the other where it goes")
	}
	if r.Output != nil {
		errs = append(errs, r.Output.validate("output")...)
	}
	errs = append(errs, config.Each("reloadURL", r.ReloadURL, config.URL("http", "https"))...)
	errs = append(errs, config.Each("interval", r.Interval, config.Duration)...)
	errs = append(errs, config.PortNumber("port", r.Port)...)
	return append(errs, config.NoPasswords("args", r.Args)...)
}

func absoluteFile(text string) string {
	if !path.IsAbs(text) || path.Clean(text) != text || text == "/" {
		return "is no path of a file"
	}
	return config.SingleLine(text)
}

func (r *PrometheusReload) add(p *plan) {
	c := p.container("config-reloader", "prometheus-config-reloader")
	health := p.free(r.Port, 8080)
	for _, dir := range r.Paths {
		c.Args = append(c.Args, inject.Flags("--watched-dir", dir)...)
	}
	seen := r.Watch
	if r.Output != nil {
		seen.Paths = append(slices.Clone(seen.Paths), path.Dir(r.ConfigFile))
	}
	p.see(&c, "spec.prometheusReload", seen)
	if r.Output != nil {
		c.Args = append(c.Args, inject.Flags("--config-file", r.ConfigFile, "--config-envsubst-file", r.Output.Path+"/"+path.Base(r.ConfigFile))...)
		p.share(&c, "spec.prometheusReload.output", r.Output, true)
	}
	c.Args = append(c.Args, inject.Flags("--listen-address", "0.0.0.0:"+number(health))...)
	args := c.Args
	c.Args = slices.Concat(args, inject.Flags("--reload-url", r.ReloadURL, "--watch-interval", r.Interval), inject.Literals(r.Args))
	c.Ports = []corev1.ContainerPort{{ContainerPort: health}}
	c.LivenessProbe = inject.Asks("/healthz", health, 30)
	if r.Output != nil { // the app must not start without it
		p.first(c, func(first *corev1.Container) {
			first.Args = slices.Concat(args, []string{"--watch-interval=0"}, inject.Literals(r.Args))
		})
	}
	p.run(c, inject.RankBeside)
}

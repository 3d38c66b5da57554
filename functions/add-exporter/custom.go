package exporter

import (
	"cmp"
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Custom is an exporter that no preset knows. In its arguments and variables
// {port} stands for the port of the metrics.
type Custom struct {
	// Image of the exporter. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Image string `json:"image,omitempty"`
	// Port where it serves its metrics. Required, here or as spec.port.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port,omitempty"`
	// Path of the metrics. Default /metrics.
	// +krm-sidecars:text=absolute
	Path string `json:"path,omitempty"`
	// Command in place of the image's own.
	Command []string `json:"command,omitempty"`
	// Args of the command.
	Args []string `json:"args,omitempty"`
	// Env are variables, as Kubernetes has them.
	Env []corev1.EnvVar `json:"env,omitempty"`
	// Health is what the liveness probe asks: a path, tcp for whether the port is
	// open, or none. Default tcp.
	// +krm-sidecars:text=health
	Health string `json:"health,omitempty"`
	// UID is the user that it runs as. Default 65534.
	// +kubebuilder:validation:Minimum=1
	UID *int64 `json:"uid,omitempty"`
}

// JMX says where the JMX exporter is: it comes as a jar, without an image.
type JMX struct {
	// Image holds the jar; for jmx-standalone, java too. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Image string `json:"image,omitempty"`
	// Jar is the path of the jar in the image. Required.
	// +required
	// +krm-sidecars:text=absolute
	Jar string `json:"jar,omitempty"`
}

// ConfigFile is a configuration file: a text, or a key of a ConfigMap that is
// there already.
type ConfigFile struct {
	// Text of the file; it goes into a generated ConfigMap.
	Text string `json:"text,omitempty"`
	// ConfigMap is the name of a ConfigMap that holds the file.
	// +krm-sidecars:text=object-name
	ConfigMap string `json:"configMap,omitempty"`
	// Key in the ConfigMap. Default: the name of the file.
	// +krm-sidecars:text=data-key
	Key string `json:"key,omitempty"`
}

const (
	healthTCP  = "tcp"
	healthNone = "none"

	nobody = 65534
)

// preset turns the custom exporter into a preset.
func (c *Custom) preset() preset {
	p := preset{name: presetCustom, port: c.Port, path: c.Path, health: cmp.Or(c.Health, healthTCP), command: c.Command, args: c.Args,
		own: own{image: c.Image, uid: nobody, env: c.Env}}
	if c.UID != nil {
		p.own.uid = *c.UID
	}
	return p
}

func (c *Custom) validate() config.Errors {
	var errs config.Errors
	if c.Image == "" {
		errs.Addf("image", "missing; name the image of the exporter, with its tag")
	}
	if c.Port < 0 || c.Port > maxPort {
		errs.Addf("port", "%d is no port; write a number from %d to %d", c.Port, minPort, maxPort)
	}
	errs = append(errs, config.Each("path", c.Path, absolute)...)
	if c.Health != healthTCP && c.Health != healthNone {
		errs = append(errs, config.Each("health", c.Health, probePath)...)
	}
	if c.UID != nil && *c.UID < 1 {
		errs.Addf("uid", "%d is no user without privileges; write a number above 0", *c.UID)
	}
	errs = append(errs, config.NoPasswords("command", c.Command)...)
	errs = append(errs, config.NoPasswords("args", c.Args)...)
	return append(errs, config.LiteralSecrets(c.Env, "env")...)
}

func (j *JMX) validate() config.Errors {
	if j == nil {
		return config.Errors{{Msg: "missing; the JMX exporter has no image of its own: write {image: ..., jar: ...} for an image of yours that holds the jar"}}
	}
	var errs config.Errors
	if j.Image == "" {
		errs.Addf("image", "missing; name an image that holds the jar, with its tag")
	}
	if j.Jar == "" {
		errs.Addf("jar", "missing; write the path of the jar in the image, such as /jmx_prometheus_javaagent.jar")
	}
	return append(errs, config.Each("jar", j.Jar, filePath)...)
}

func (f ConfigFile) set() bool { return f != ConfigFile{} }

func (f ConfigFile) validate(p preset) config.Errors {
	errs := config.Each("configMap", f.ConfigMap, config.ObjectName)
	errs = append(errs, config.Each("key", f.Key, config.DataKey)...)
	switch {
	case f.set() && p.file.path == "":
		errs.Addf("", "preset %s has no configuration file; take it out", p.name)
	case !f.set() && p.file.path != "" && p.file.required:
		errs.Addf("", "missing; preset %s reads a file: give its text, or configMap and key", p.name)
	case f.Text != "" && f.ConfigMap != "":
		errs.Addf("", "holds text and configMap; keep one of them")
	case f.set() && f.Text == "" && f.ConfigMap == "":
		errs.Addf("", "holds a key alone; give text, or configMap")
	}
	return append(errs, config.NoPassword("text", f.Text)...)
}

// absolute is a path in a URL.
func absolute(text string) string {
	if !strings.HasPrefix(text, "/") || config.SingleLine(text) != "" || strings.Contains(text, " ") {
		return "is no path; begin it with /"
	}
	return ""
}

// probePath is what a liveness probe asks.
func probePath(text string) string {
	if absolute(text) != "" {
		return "is neither tcp, none nor a path that begins with /"
	}
	return ""
}

// filePath is the path of a file in a container.
func filePath(text string) string {
	switch {
	case !path.IsAbs(text):
		return "is not absolute"
	case path.Clean(text) != text || strings.ContainsAny(text, ":,= $") || config.SingleLine(text) != "":
		return "is no plain path of a file; write it without colons, commas, equals signs, dollars and spaces"
	}
	return ""
}

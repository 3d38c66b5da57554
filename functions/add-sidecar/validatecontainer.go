package sidecar

import (
	"fmt"
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/images"
)

// validateContainer checks the container as strictly as can be done without an
// API server.
func (c *Config) validateContainer() config.Errors {
	var errs config.Errors
	k := c.Container
	if k == nil {
		errs.Addf("", "missing; write the container as Kubernetes has it, with name and image")
		return errs
	}
	if k.Name == "" {
		errs.Addf("name", "missing; name the container")
	}
	errs = append(errs, image(k.Image)...)
	errs = append(errs, c.validateRestart()...)
	errs = append(errs, validatePorts(k.Ports)...)
	errs = append(errs, validateEnv(k.Env)...)
	errs = append(errs, validateMounts(k.VolumeMounts)...)
	errs = append(errs, validateAmounts(k.Resources)...)
	return append(errs, c.validateProbes()...)
}

// image checks that an image is named so that it stays the same.
func image(text string) config.Errors {
	var errs config.Errors
	switch image := images.Parse(text); {
	case text == "":
		errs.Addf("image", "missing; name the image and its version, such as registry.example.com/agent:1.4.2")
	case strings.ContainsAny(text, " \t\n") || image.Repository == "":
		errs.Addf("image", "%q is no image; write it like registry.example.com/agent:1.4.2", text)
	case image.Tag == "" && image.Digest == "":
		errs.Addf("image", "%q has neither tag nor digest; write it like %s:1.4.2", text, image.Repository)
	}
	return errs
}

// validateRestart: type decides whether the container runs on.
func (c *Config) validateRestart() config.Errors {
	var errs config.Errors
	policy := c.Container.RestartPolicy
	switch {
	case policy == nil:
	case c.Type == typeInit && *policy == corev1.ContainerRestartPolicyAlways:
		errs.Addf("restartPolicy", "an init container that is always restarted is a sidecar; write type: sidecar")
	case *policy != corev1.ContainerRestartPolicyAlways:
		errs.Addf("restartPolicy", "%q is not supported here; take it out", *policy)
	}
	return errs
}

func validatePorts(ports []corev1.ContainerPort) config.Errors {
	var errs config.Errors
	seen := map[string]bool{}
	for i, p := range ports {
		at := fmt.Sprintf("ports[%d]", i)
		if bad := validation.IsValidPortNum(int(p.ContainerPort)); len(bad) > 0 {
			errs.Addf(at+".containerPort", "%d is no port; write a number from 1 to 65535", p.ContainerPort)
		}
		if p.Name == "" {
			continue
		}
		switch bad := validation.IsValidPortName(p.Name); {
		case len(bad) > 0:
			errs.Addf(at+".name", "%q is no name of a port; use up to 15 lower-case letters, digits and -", p.Name)
		case seen[p.Name]:
			errs.Addf(at+".name", "%q stands here twice; ports need names of their own", p.Name)
		}
		seen[p.Name] = true
	}
	return errs
}

func validateEnv(env []corev1.EnvVar) config.Errors {
	var errs config.Errors
	for i, e := range env {
		errs = append(errs, envVar(fmt.Sprintf("env[%d]", i), e.Name, e.Value, e.ValueFrom)...)
	}
	return errs
}

// envVar checks a variable.
func envVar(at, name, value string, from *corev1.EnvVarSource) config.Errors {
	var errs config.Errors
	if name == "" {
		errs.Addf(at+".name", "missing; name the variable")
	}
	errs = append(errs, config.Each(at+".name", name, config.EnvName)...)
	if value != "" && from != nil {
		errs.Addf(at+".valueFrom", "value is set as well; keep one of them")
	}
	if from != nil {
		if set, all := config.Members(*from); len(set) != 1 {
			errs.Addf(at+".valueFrom", "has %d sources; keep one of %s", len(set), strings.Join(all, ", "))
		}
	}
	return errs
}

func validateMounts(mounts []corev1.VolumeMount) config.Errors {
	var errs config.Errors
	seen := map[string]bool{}
	for i, m := range mounts {
		at := fmt.Sprintf("volumeMounts[%d]", i)
		errs = append(errs, name(at+".name", m.Name, nil)...)
		switch clean := path.Clean(m.MountPath); {
		case m.MountPath == "" || !path.IsAbs(m.MountPath) || strings.Contains(m.MountPath, ":"):
			errs.Addf(at+".mountPath", "%q is no place for a volume; write an absolute path without colons", m.MountPath)
		case seen[clean]:
			errs.Addf(at+".mountPath", "%q has a volume already; mount one of them elsewhere", m.MountPath)
		default:
			seen[clean] = true
		}
		errs = append(errs, subPath(at+".subPath", m.SubPath)...)
		if m.SubPath != "" && m.SubPathExpr != "" {
			errs.Addf(at+".subPathExpr", "subPath is set as well; keep one of them")
		}
	}
	return errs
}

// validateAmounts: nothing may request more than its limit.
func validateAmounts(r corev1.ResourceRequirements) config.Errors {
	var errs config.Errors
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage} {
		request, requested := r.Requests[name]
		if limit, limited := r.Limits[name]; requested && limited && request.Cmp(limit) > 0 {
			errs.Addf("resources.requests."+string(name), "%q is more than the limit of %s; lower it", request.String(), limit.String())
		}
	}
	return errs
}

// validateProbes: an init container is not there to be probed.
func (c *Config) validateProbes() config.Errors {
	var errs config.Errors
	k := c.Container
	for _, f := range []struct {
		name  string
		probe *corev1.Probe
	}{{"livenessProbe", k.LivenessProbe}, {"readinessProbe", k.ReadinessProbe}, {"startupProbe", k.StartupProbe}} {
		if f.probe == nil {
			continue
		}
		if set, all := config.Members(f.probe.ProbeHandler); len(set) != 1 {
			errs.Addf(f.name, "asks in %d ways; keep one of %s", len(set), strings.Join(all, ", "))
		}
		if c.Type == typeInit {
			errs.Addf(f.name, "an init container has no probes; take it out, or write type: sidecar")
		}
	}
	if c.Type == typeInit && k.Lifecycle != nil {
		errs.Addf("lifecycle", "an init container has no hooks; take it out, or write type: sidecar")
	}
	return errs
}

// name checks the name of a volume that is required, and notes it in seen.
func name(at, text string, seen map[string]bool) config.Errors {
	var errs config.Errors
	switch {
	case text == "":
		errs.Addf(at, "missing; name the volume")
	case seen[text]:
		errs.Addf(at, "%q stands here twice; volumes need names of their own", text)
	case seen != nil:
		seen[text] = true
	}
	return append(errs, config.Each(at, text, config.DNSLabel)...)
}

// mountPath checks where the workload's own containers, or files, are mounted.
func mountPath(at, text string) config.Errors {
	var errs config.Errors
	if text == "" {
		errs.Addf(at, "missing; write an absolute path, such as /etc/agent")
	}
	return append(errs, config.Each(at, text, config.MountPath)...)
}

func subPath(at, text string) config.Errors {
	var errs config.Errors
	if path.IsAbs(text) || strings.Contains("/"+text+"/", "/../") {
		errs.Addf(at, "%q is no path below a volume; write a relative one without ..", text)
	}
	return errs
}

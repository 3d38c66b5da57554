package sidecar

import (
	"fmt"
	"maps"
	"path"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Validate returns all that is wrong with the config.
func (c *Config) Validate() config.Errors {
	common := c.Common
	common.Container = c.Container
	errs := common.Validate()
	errs = append(errs, config.OneOf("spec.type", c.Type, typeSidecar, typeInit)...)
	errs = append(errs, config.OneOf("spec.phase", c.Phase, phaseBefore, phaseAfter)...)
	errs = append(errs, c.validateUse()...)
	errs = append(errs, c.validateContainer().Under("spec.container")...)
	errs = append(errs, c.validateVolumes()...)
	errs = append(errs, c.validateApp()...)
	errs = append(errs, c.validateTransfer()...)
	errs = append(errs, c.ShareVolumes.validate().Under("spec.shareVolumes")...)
	errs = append(errs, c.validateResources()...)
	return append(errs, c.validateMeta()...)
}

// validateUse reports fields that would do nothing.
func (c *Config) validateUse() config.Errors {
	var errs config.Errors
	plain := c.InjectAs == config.InjectContainer
	switch {
	case c.Type == typeInit && c.InjectAs != config.InjectAuto:
		errs.Addf("spec.injectAs", "has no use with type: init; take it out")
	case c.Type == typeSidecar && plain && c.Phase == phaseBefore:
		errs.Addf("spec.phase", "a plain container starts after all init containers; take it out, or set injectAs: native")
	}
	return errs
}

func (c *Config) validateVolumes() config.Errors {
	var errs config.Errors
	seen := map[string]bool{}
	for i, v := range c.Volumes {
		at := fmt.Sprintf("spec.volumes[%d]", i)
		errs = append(errs, name(at+".name", v.Name, seen)...)
		if set, _ := config.Members(v.VolumeSource); len(set) != 1 {
			errs.Addf(at, "has %d sources; keep one, such as emptyDir: {sizeLimit: 64Mi}", len(set))
		}
	}
	if f := c.Files; f != nil {
		errs = append(errs, f.validate().Under("spec.files")...)
	}
	for i, dir := range c.Writable {
		at := fmt.Sprintf("spec.writable[%d]", i)
		if dir == "" || !path.IsAbs(dir) || path.Clean(dir) != dir || dir == "/" {
			errs.Addf(at, "%q is no directory; write a clean absolute path, such as /tmp", dir)
		} else if slices.Contains(c.Writable[:i], dir) {
			errs.Addf(at, "%q stands here twice; keep one", dir)
		}
	}
	return append(errs, c.validatePlaces()...)
}

// validatePlaces reports two mounts of the container in one place.
func (c *Config) validatePlaces() config.Errors {
	var errs config.Errors
	if c.Container == nil {
		return nil
	}
	for i, m := range c.Container.VolumeMounts {
		at := fmt.Sprintf("spec.container.volumeMounts[%d].mountPath", i)
		switch {
		case slices.Contains(c.Writable, m.MountPath):
			errs.Addf(at, "%q is in spec.writable as well; keep one", m.MountPath)
		case c.Files != nil && c.Files.MountPath == m.MountPath:
			errs.Addf(at, "%q is spec.files.mountPath as well; keep one", m.MountPath)
		}
	}
	if c.Files != nil && slices.Contains(c.Writable, c.Files.MountPath) {
		errs.Addf("spec.writable", "has spec.files.mountPath; keep one")
	}
	return errs
}

func (f *Files) validate() config.Errors {
	errs := mountPath("mountPath", f.MountPath)
	if len(f.Data) == 0 {
		errs.Addf("data", "missing; write the text of each file by its name")
	}
	for _, key := range slices.Sorted(maps.Keys(f.Data)) {
		at := "data." + key
		errs = append(errs, config.Each(at, key, config.DataKey)...)
		if len(config.NoPassword(at, f.Data[key])) > 0 {
			errs.Addf(at, "a password in plain text; put the file into a Secret, and mount that from spec.volumes")
		}
	}
	return errs
}

// validateApp checks what the workload's own containers get.
func (c *Config) validateApp() config.Errors {
	var errs config.Errors
	for i, m := range c.Mounts {
		at := fmt.Sprintf("spec.mounts[%d]", i)
		errs = append(errs, name(at+".name", m.Name, nil)...)
		errs = append(errs, mountPath(at+".mountPath", m.MountPath)...)
		errs = append(errs, subPath(at+".subPath", m.SubPath)...)
		errs = append(errs, config.All(at+".containers", m.Containers, config.DNSLabel)...)
	}
	var env []corev1.EnvVar
	for i, e := range c.Env {
		at := fmt.Sprintf("spec.env[%d]", i)
		errs = append(errs, envVar(at, e.Name, e.Value, e.ValueFrom)...)
		errs = append(errs, config.All(at+".containers", e.Containers, config.DNSLabel)...)
		env = append(env, corev1.EnvVar{Name: e.Name, Value: e.Value})
	}
	return append(errs, config.LiteralSecrets(env, "spec.env")...)
}

func (s *Share) validate() config.Errors {
	if s == nil {
		return nil
	}
	errs := config.All("containers", s.Containers, pattern)
	errs = append(errs, config.All("volumes", s.Volumes, config.DNSLabel)...)
	errs = append(errs, config.All("exclude", s.Exclude, config.DNSLabel)...)
	for i, name := range s.Exclude {
		if slices.Contains(s.Volumes, name) {
			errs.Addf(fmt.Sprintf("exclude[%d]", i), "%q is in volumes as well; keep one", name)
		}
	}
	return errs
}

func (c *Config) validateResources() config.Errors {
	r := c.ResourcesShare
	if r == nil {
		return nil
	}
	errs := config.All("containers", r.Containers, pattern)
	if r.CPU == "" && r.Memory == "" {
		errs.Addf("", "empty; set cpu, memory or both, such as 10%%")
	}
	if c.Container != nil && (c.Container.Resources.Requests != nil || c.Container.Resources.Limits != nil) {
		errs.Addf("", "spec.container.resources is set as well; keep one of them")
	}
	for _, f := range []struct{ name, percent, least, most string }{
		{"cpu", r.CPU, r.Min.CPU, r.Max.CPU}, {"memory", r.Memory, r.Min.Memory, r.Max.Memory},
	} {
		errs = append(errs, config.Each(f.name, f.percent, isPercentage)...)
		least := config.Each("min."+f.name, f.least, config.Quantity)
		most := config.Each("max."+f.name, f.most, config.Quantity)
		switch {
		case len(least)+len(most) > 0:
		case f.least != "" && f.most != "" && less(f.most, f.least):
			errs.Addf("max."+f.name, "%q is less than min.%s; swap them", f.most, f.name)
		case f.percent == "" && f.least+f.most != "":
			errs.Addf(f.name, "missing; min and max bound a share, such as 10%%")
		}
		errs = append(append(errs, least...), most...)
	}
	return errs.Under("spec.resourcesShare")
}

func isPercentage(text string) string {
	if _, ok := percentage(text); !ok {
		return "is no share; write it like 10%"
	}
	return ""
}

// less compares two amounts that are valid.
func less(a, b string) bool {
	amount := resource.MustParse(a)
	return amount.Cmp(resource.MustParse(b)) < 0
}

func (c *Config) validateMeta() config.Errors {
	var errs config.Errors
	for _, key := range slices.Sorted(maps.Keys(c.Labels)) {
		errs = append(errs, config.Each("spec.labels."+key, key, config.LabelKey)...)
		errs = append(errs, config.Each("spec.labels."+key, c.Labels[key], config.LabelValue)...)
	}
	for _, key := range slices.Sorted(maps.Keys(c.Annotations)) {
		errs = append(errs, config.Each("spec.annotations."+key, key, config.LabelKey)...)
		if at := "spec.annotations." + key; len(config.NoPassword(at, c.Annotations[key])) > 0 {
			errs.Addf(at, "a password in plain text, which everybody could read; take it out")
		}
	}
	return errs
}

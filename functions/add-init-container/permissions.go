package initcontainer

import (
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// Permissions gives the app access to directories of its volumes. Where fsGroup
// does it, no container is added.
type Permissions struct {
	// Paths are directories or files in volumes, as the app sees them. Required.
	// +required
	// +krm-sidecars:text=absolute
	Paths []string `json:"paths,omitempty"`
	// GID is the group that gets the files: the pod's fsGroup.
	// +kubebuilder:validation:Minimum=1
	GID *int64 `json:"gid,omitempty"`
	// UID is the user that gets the files; it takes allowRoot.
	// +kubebuilder:validation:Minimum=1
	UID *int64 `json:"uid,omitempty"`
	// Mode is what chmod takes, such as 0750 or u=rwX,g=rX,o=. Without allowRoot, the
	// app's user has to own the files.
	// +krm-sidecars:text=chmod
	Mode string `json:"mode,omitempty"`
	// Recursive changes all that is below the paths, too. Links are not followed.
	// Default false.
	Recursive bool `json:"recursive,omitempty"`
	// AllowRoot runs the container as root, without any capability but those that
	// the change takes. Pod Security restricted refuses such a pod. Default false.
	AllowRoot bool `json:"allowRoot,omitempty"`
}

// chmodMode is what chmod takes.
var chmodMode = lazyre.New(`^(0?[0-7]{3}|[0-7]{4}|[ugoa]*[-+=][rwxXst]*(,[ugoa]*[-+=][rwxXst]*)*)$`)

func (x *Permissions) setDefaults() {}

func (x *Permissions) validate(c *Config) config.Errors {
	var errs config.Errors
	if len(x.Paths) == 0 {
		errs.Addf("paths", "missing; name the directories as the app sees them, such as [/data]")
	}
	errs = append(errs, config.All("paths", x.Paths, absolute, inVolume)...)
	if x.GID == nil && x.UID == nil && x.Mode == "" {
		errs.Addf("", "changes nothing; give it gid, uid or mode")
	}
	for _, id := range []struct {
		field string
		id    *int64
	}{{"gid", x.GID}, {"uid", x.UID}} {
		if id.id != nil && *id.id < 1 {
			errs.Addf(id.field, "%d is no user or group of an app; write a number from 1 on", *id.id)
		}
	}
	errs = append(errs, config.Each("mode", x.Mode, octalOrSymbolic)...)
	return append(errs, x.validateRoot(c)...)
}

// validateRoot checks what is asked for against who may do it.
func (x *Permissions) validateRoot(c *Config) config.Errors {
	var errs config.Errors
	openshift := c.Platform == config.PlatformOpenShift
	switch {
	case openshift && (x.GID != nil || x.UID != nil):
		errs.Addf("", "takes no gid and no uid on openshift, which chooses both and gives the pod its volumes; take them out")
	case openshift && x.AllowRoot:
		errs.Addf("allowRoot", "has no use on openshift, which refuses root; take it out")
	case x.UID != nil && !x.AllowRoot:
		errs.Addf("uid", "takes root, to give files away; give a gid instead, which Kubernetes sees to itself, or set allowRoot: true")
	case x.Recursive && x.UID == nil && x.Mode == "" && !x.AllowRoot:
		errs.Addf("recursive", "has no use for a gid: Kubernetes changes the group of all that is there; take it out")
	}
	return errs
}

// octalOrSymbolic is what chmod takes.
func octalOrSymbolic(text string) string {
	if !chmodMode().MatchString(text) {
		return "is nothing that chmod takes; write it in quotes, like \"0750\" or \"u=rwX,g=rX,o=\""
	}
	return ""
}

// inVolume keeps from changing what an image needs.
func inVolume(text string) string {
	if config.SystemDir(text) {
		return "belongs to the image; name a directory of a volume"
	}
	return ""
}

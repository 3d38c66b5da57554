package initcontainer

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Check stops a pod that is not as it should be: it tells all that is wrong, and
// fails. It sees the volumes and variables that it is to look at, as the app sees
// them, and no others. The app is the first of spec.target.containers, else the
// first container of the pod.
type Check struct {
	// UseAppImage runs the check in the app's image, which needs sh, stat and
	// grep, to look at files that are part of it. Default false: busybox, which sees volumes
	// alone.
	UseAppImage bool `json:"useAppImage,omitempty"`
	// Files are files and directories, as the app sees them.
	Files []CheckFile `json:"files,omitempty"`
	// Env are variables of the app.
	Env []CheckEnv `json:"env,omitempty"`
	// Reachable are servers that have to answer: host:port for an open port, or a
	// URL of http or https for a status of 2xx.
	Reachable []string `json:"reachable,omitempty"`
	// CA checks the certificates of https URLs. Default: the authorities that the
	// image of curl knows.
	CA *CA `json:"ca,omitempty"`
	// Forbid are settings that the pod must not have: root, writable-root,
	// privileged, privilege-escalation, capabilities, host-network, host-pid,
	// host-ipc, host-path, host-port, unpinned-image and service-account-token. The
	// manifest tells all but the last, so that they are judged when the function
	// runs.
	// +kubebuilder:validation:items:Enum=root;writable-root;privileged;privilege-escalation;capabilities;host-network;host-pid;host-ipc;host-path;host-port;unpinned-image;service-account-token
	Forbid []string `json:"forbid,omitempty"`
}

// CheckFile is what has to be true of a file or directory. Links are followed.
type CheckFile struct {
	// Path of it. Required.
	// +required
	// +krm-sidecars:text=absolute
	Path string `json:"path,omitempty"`
	// Absent says that nothing may be there. Default false: something has to be.
	Absent bool `json:"absent,omitempty"`
	// Type is file or directory. Default: any.
	// +kubebuilder:validation:Enum=file;directory
	Type string `json:"type,omitempty"`
	// NotEmpty says that it holds something. Default false.
	NotEmpty bool `json:"notEmpty,omitempty"`
	// MaxMode is the most that the mode may allow, such as 0640.
	// +krm-sidecars:text=file-mode
	MaxMode string `json:"maxMode,omitempty"`
	// Owner is the number of the user that it has to belong to.
	// +kubebuilder:validation:Minimum=0
	Owner *int64 `json:"owner,omitempty"`
	// Group is the number of the group that it has to belong to.
	// +kubebuilder:validation:Minimum=0
	Group *int64 `json:"group,omitempty"`
	// Writable says whether the app may write to it. Default: either.
	Writable *bool `json:"writable,omitempty"`
}

// CheckEnv is what has to be true of a variable. Its value is never printed.
type CheckEnv struct {
	// Name of the variable. Required.
	// +required
	// +krm-sidecars:text=env-name
	Name string `json:"name,omitempty"`
	// Absent says that it must not be there. Default false: it has to be, and not be
	// empty.
	Absent bool `json:"absent,omitempty"`
	// Pattern is an extended regular expression that the value has to match.
	Pattern string `json:"pattern,omitempty"`
}

const (
	typeFile      = "file"
	typeDirectory = "directory"
)

func (k *Check) setDefaults() { k.CA.setDefaults() }

func (k *Check) validate(*Config) config.Errors {
	var errs config.Errors
	if len(k.Files)+len(k.Env)+len(k.Reachable)+len(k.Forbid) == 0 {
		errs.Addf("", "checks nothing; give it files, env, reachable or forbid")
	}
	for i := range k.Files {
		errs = append(errs, k.Files[i].validate().Under(fmt.Sprintf("files[%d]", i))...)
	}
	for i := range k.Env {
		errs = append(errs, k.Env[i].validate().Under(fmt.Sprintf("env[%d]", i))...)
	}
	errs = append(errs, config.All("reachable", k.Reachable, server)...)
	errs = append(errs, config.All("forbid", k.Forbid, config.Word(settingNames()...))...)
	errs = append(errs, k.CA.validate().Under("ca")...)
	if k.CA != nil && !k.asksHTTPS() {
		errs.Addf("ca", "has no use without a URL of https among reachable; take it out")
	}
	if k.UseAppImage && len(k.Reachable) > 0 {
		errs.Addf("reachable", "does not go with useAppImage, since nothing is known of the image's tools; give it a config of its own")
	}
	return errs
}

func (f *CheckFile) validate() config.Errors {
	var errs config.Errors
	if f.Path == "" {
		errs.Addf("path", "missing; name the file or directory as the app sees it, such as /etc/app/config.yaml")
	}
	errs = append(errs, config.Each("path", f.Path, absolute)...)
	errs = append(errs, config.OneOf("type", f.Type, typeFile, typeDirectory)...)
	errs = append(errs, config.Each("maxMode", f.MaxMode, config.FileMode)...)
	for _, id := range []struct {
		field string
		id    *int64
	}{{"owner", f.Owner}, {"group", f.Group}} {
		if id.id != nil && *id.id < 0 {
			errs.Addf(id.field, "%d is no number of a user or group; write one from 0 on", *id.id)
		}
	}
	if f.Absent && (f.Type != "" || f.NotEmpty || f.MaxMode != "" || f.Owner != nil || f.Group != nil || f.Writable != nil) {
		errs.Addf("absent", "leaves nothing to say about the file; take absent or the other fields out")
	}
	return errs
}

func (e *CheckEnv) validate() config.Errors {
	var errs config.Errors
	if e.Name == "" {
		errs.Addf("name", "missing; name a variable of the app")
	}
	errs = append(errs, config.Each("name", e.Name, shellName, notOf(checkVariables))...)
	errs = append(errs, config.Each("pattern", e.Pattern, config.SingleLine, extended)...)
	if e.Absent && e.Pattern != "" {
		errs.Addf("pattern", "has no use for a variable that must not be there; take it out")
	}
	return errs
}

// server is host:port or a URL.
func server(text string) string {
	if strings.Contains(text, "://") {
		if wrong := config.URL("http", "https")(text); wrong != "" {
			return wrong
		}
		return config.SingleLine(text)
	}
	return address(text)
}

// extended is a regular expression of grep -E.
func extended(text string) string {
	if _, err := regexp.CompilePOSIX(text); err != nil {
		return "is no extended regular expression; write it as for grep -E"
	}
	return ""
}

// shellName is a variable that a shell can have.
func shellName(text string) string {
	letter := func(r rune) bool { return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
	for i, r := range text {
		if !letter(r) && (i == 0 || r < '0' || r > '9') {
			return "is no variable that a shell can have; use letters, digits and _, no digit first"
		}
	}
	return ""
}

// notOf keeps from names that a script of ours has for its own variables.
func notOf(variables string) config.Check {
	return func(text string) string {
		if slices.Contains(strings.Fields(variables), text) {
			return "is a variable of the container's own script, which cannot tell the two apart"
		}
		return ""
	}
}

// checkVariables are those of the script.
const checkVariables = "ca failed total kind target want have value port host"

func (k *Check) asksHTTPS() bool { return slices.ContainsFunc(k.Reachable, isHTTPS) }

func isHTTPS(target string) bool { return strings.HasPrefix(strings.ToLower(target), "https:") }

// absolute is the path of a file or directory in a container.
func absolute(text string) string {
	switch {
	case !path.IsAbs(text):
		return "is not absolute"
	case path.Clean(text) != text:
		return "is not clean; write " + path.Clean(text)
	}
	return config.SingleLine(text)
}

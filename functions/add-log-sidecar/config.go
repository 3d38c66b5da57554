package logsidecar

import (
	"path"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Config configures add-log-sidecar.
type Config struct {
	config.Common `json:",inline"`

	// Agent reads the files: tail copies them to the sidecar's standard output.
	// Default tail.
	Agent string `json:"agent,omitempty"`
	// Logs are the files to read; at least one.
	Logs []Log `json:"logs,omitempty"`
	// Volume is what the app and the agent share where the app has no volume yet.
	Volume Volume `json:"volume,omitempty"`
	// FSGroup makes files that the app writes readable to the agent by group; it
	// is set on the pod. Default: the pod stays as it is.
	FSGroup *int64 `json:"fsGroup,omitempty"`
}

// Log is a set of files in the file system of one container.
type Log struct {
	// Container writes the files. Default: every container that has the directory
	// mounted, else the first one.
	Container string `json:"container,omitempty"`
	// Paths are absolute file names.
	Paths []string `json:"paths,omitempty"`
	// Dir is the directory to share. Default: that of each file.
	Dir string `json:"dir,omitempty"`
	// ReadFrom is start or end: where to begin in a file that is there already.
	// Default start.
	ReadFrom string `json:"readFrom,omitempty"`
}

// Volume describes the shared volume.
type Volume struct {
	// SizeLimit bounds an emptyDir; a pod that writes more is evicted. Default
	// 256Mi.
	SizeLimit string `json:"sizeLimit,omitempty"`
	// Medium is empty, for the node's disk, or Memory.
	Medium string `json:"medium,omitempty"`
	// ClaimName makes the volume a PersistentVolumeClaim of that name.
	ClaimName string `json:"claimName,omitempty"`
}

// The words of the config.
const (
	agentTail     = "tail"
	readFromStart = "start"
	readFromEnd   = "end"

	defaultSizeLimit = "256Mi"
)

// Default fills in what the user left open.
func (c *Config) Default() {
	c.Common.Default()
	if c.Agent == "" {
		c.Agent = agentTail
	}
	if c.Volume.SizeLimit == "" && c.Volume.ClaimName == "" {
		c.Volume.SizeLimit = defaultSizeLimit
	}
	for i := range c.Logs {
		if c.Logs[i].ReadFrom == "" {
			c.Logs[i].ReadFrom = readFromStart
		}
	}
}

// Validate returns all that is wrong with the config.
func (c *Config) Validate() config.Errors {
	errs := c.Common.Validate()
	errs = append(errs, config.OneOf("spec.agent", c.Agent, agentTail)...)
	if len(c.Logs) == 0 {
		errs.Addf("spec.logs", "missing; give at least one log, such as logs: [{paths: [/var/log/app/app.log]}]")
	}
	for i, l := range c.Logs {
		errs = append(errs, l.validate().Under(indexed("spec.logs", i))...)
		if l.ReadFrom != c.Logs[0].ReadFrom {
			errs.Addf(indexed("spec.logs", i)+".readFrom", "tail begins all files alike; use %s here too, or a config of its own for this log", c.Logs[0].ReadFrom)
		}
	}
	errs = append(errs, c.Volume.validate().Under("spec.volume")...)
	if c.FSGroup != nil && (*c.FSGroup < 1 || c.Platform == config.PlatformOpenShift) {
		errs.Addf("spec.fsGroup", "must be above 0, and must not be set on openshift, which chooses it")
	}
	return errs
}

func (l Log) validate() config.Errors {
	errs := config.OneOf("readFrom", l.ReadFrom, readFromStart, readFromEnd)
	if len(l.Paths) == 0 {
		errs.Addf("paths", "missing; name the files to follow, such as [/var/log/app/app.log]")
	}
	for i, p := range l.Paths {
		if wrong := wrongFile(p); wrong != "" {
			errs.Addf(indexed("paths", i), "%q %s", p, wrong)
		} else if l.Dir != "" && !pod.Within(p, l.Dir) {
			errs.Addf(indexed("paths", i), "%q is not below dir %s", p, l.Dir)
		} else if wrong := wrongDir(l.dirOf(p)); l.Dir == "" && wrong != "" {
			errs.Addf(indexed("paths", i), "%q %s", p, wrong)
		}
	}
	if wrong := wrongDir(l.Dir); l.Dir != "" && wrong != "" {
		errs.Addf("dir", "%q %s", l.Dir, wrong)
	}
	return errs
}

// dirOf is the directory to share for a file.
func (l Log) dirOf(file string) string {
	if l.Dir != "" {
		return path.Clean(l.Dir)
	}
	return path.Dir(file)
}

// wrongFile says what is wrong with the name of a log file.
func wrongFile(p string) string {
	switch {
	case !path.IsAbs(p):
		return "is not absolute; write it as the app's container sees it"
	case strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "holds control characters"
	case strings.ContainsAny(p, "*?["):
		return "is a pattern, which tail does not follow; name each file, or give the app one file to write (patterns need an agent that watches directories, such as fluent-bit)"
	case path.Clean(p) != p:
		return "is not clean; write " + path.Clean(p)
	case strings.HasPrefix(p, "/dev/"), strings.HasPrefix(p, "/proc/"):
		return "is no log file: what goes there can be read without a sidecar"
	}
	return ""
}

// systemDirs hold what an image needs to run: a volume there would hide it.
const systemDirs = "/ /bin /boot /dev /etc /home /lib /lib64 /opt /proc /root /run /sbin /srv /sys /usr /var"

// wrongDir says what is wrong with a directory to share.
func wrongDir(dir string) string {
	switch {
	case !path.IsAbs(dir):
		return "is not absolute"
	case strings.ContainsAny(dir, ":*?["):
		return "holds a colon or a pattern, which no mount path may"
	}
	for d := range strings.FieldsSeq(systemDirs) {
		if path.Clean(dir) == d {
			return "would hide the image's own " + d + "; let the app log to a directory of its own"
		}
	}
	return ""
}

func (v Volume) validate() config.Errors {
	errs := config.OneOf("medium", v.Medium, "", "Memory")
	if v.SizeLimit != "" {
		if q, err := resource.ParseQuantity(v.SizeLimit); err != nil || q.Sign() <= 0 {
			errs.Addf("sizeLimit", "%q is no size; write it like 256Mi", v.SizeLimit)
		}
	}
	if v.ClaimName != "" && (v.Medium != "" || v.SizeLimit != "") {
		errs.Addf("claimName", "a claim has its own size and medium; drop sizeLimit and medium, or claimName")
	}
	return errs
}

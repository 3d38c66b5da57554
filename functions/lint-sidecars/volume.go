package lint

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// volumeRules are about volumes that containers share.
func volumeRules() []rule {
	return []rule{{
		id: "SC022", name: "unlimited-volume", severity: pod.Warning, check: unlimited,
		about:  "A shared emptyDir, or one in memory, has no sizeLimit: what fills it takes the disk of the node, or the memory of the pod.",
		remedy: "set emptyDir.sizeLimit",
	}, {
		id: "SC023", name: "writable-logs", severity: pod.Info, check: writableLogs,
		about:  "A container that only reads log files may write them, too.",
		remedy: "set readOnly: true on the mount",
	}, {
		id: "SC024", name: "unreadable-files", severity: pod.Warning, check: unreadable,
		about:  "Two users share a volume without a group in common: files that are not for all cannot be read by the other.",
		remedy: "set securityContext.fsGroup of the pod",
	}, {
		id: "SC042", name: "logs-on-stdout", severity: pod.Info, check: onStdout,
		about:  "The image writes its logs to standard output already, where kubectl logs and the node's agent find them; a volume over the directory hides that.",
		remedy: "drop the sidecar and the volume, unless you need the files",
	}}
}

// emptyDir returns the emptyDir of a volume; nil when it is another.
func (s *subject) emptyDir(volume string) *corev1.EmptyDirVolumeSource {
	for _, v := range s.spec.Volumes {
		if v.Name == volume {
			return v.EmptyDir
		}
	}
	return nil
}

// users are the containers that mount a volume. Those that functions added know
// what they share.
func (s *subject) users(volume string) []container {
	return slices.DeleteFunc(slices.Clone(s.containers), func(c container) bool { return c.owner != "" || !c.mounts(volume) })
}

func unlimited(s *subject) {
	for _, v := range s.spec.Volumes {
		if v.EmptyDir == nil || v.EmptyDir.SizeLimit != nil {
			continue
		}
		at := "spec.volumes[name=" + v.Name + "].emptyDir"
		switch users := s.users(v.Name); {
		case v.EmptyDir.Medium == corev1.StorageMediumMemory:
			s.findf(at, "has no sizeLimit, and lies in memory")
		case len(users) > 1:
			s.findf(at, "has no sizeLimit, and %s and %s share it", users[0].Name, users[1].Name)
		}
	}
}

// readsLogs reports whether a container reads log files, and does nothing else.
func (c container) readsLogs() bool {
	calls, _ := c.calls()
	return c.role() == logs || slices.ContainsFunc(calls, func(c call) bool { return c.name() == "tail" && c.follows() })
}

// writers are commands that change files.
func writers() []string {
	return []string{"touch", "mkdir", "rm", "mv", "cp", "chmod", "chown", "ln", "truncate", "tee", "logrotate", "gzip", "find", "mkfifo"}
}

// writes reports whether a container changes files, as far as its commands tell.
func (c container) writes() bool {
	calls, _ := c.calls()
	return slices.ContainsFunc(calls, func(c call) bool {
		return len(c.writes) > 0 || len(c.appends) > 0 || slices.Contains(writers(), c.name())
	})
}

// logReaders are the helpers that read log files.
func (s *subject) logReaders() []container {
	return slices.DeleteFunc(s.helpers(), func(c container) bool { return c.plainInit() || !c.readsLogs() })
}

func writableLogs(s *subject) {
	for _, c := range s.logReaders() {
		for _, m := range c.VolumeMounts {
			if shared := s.users(m.Name); !m.ReadOnly && c.owner == "" && !c.writes() && len(shared) > 1 && s.emptyDir(m.Name) != nil {
				s.findf(c.at+".volumeMounts[mountPath="+m.MountPath+"]", "is not read-only, and %s only reads there", c.Name)
			}
		}
	}
}

func unreadable(s *subject) {
	if ofPod(s).FSGroup != nil || s.config.openShift() {
		return
	}
	for _, reader := range s.helpers() {
		if mine := s.user(reader); mine == nil || *mine == 0 || reader.plainInit() {
			continue
		}
		for _, m := range reader.VolumeMounts {
			if m.ReadOnly && s.emptyDir(m.Name) != nil {
				s.strangers(reader, m)
			}
		}
	}
}

// strangers finds those who write to what a reader mounts, as another user.
func (s *subject) strangers(reader container, m corev1.VolumeMount) {
	mine := s.user(reader)
	for _, writer := range s.users(m.Name) {
		theirs := s.user(writer)
		at, _ := writer.mountOf(m.Name)
		if theirs != nil && *theirs != *mine && !at.ReadOnly && !sameGroup(s, reader, writer) {
			s.findf(reader.at+".volumeMounts[mountPath="+m.MountPath+"]", "user %d reads what %s writes as user %d", *mine, writer.Name, *theirs)
		}
	}
}

// sameGroup reports whether two containers have a group in common.
func sameGroup(s *subject, a, b container) bool {
	group := func(c container) *int64 {
		if g := security(c).RunAsGroup; g != nil {
			return g
		}
		return ofPod(s).RunAsGroup
	}
	x, y := group(a), group(b)
	return len(ofPod(s).SupplementalGroups) > 0 || x != nil && y != nil && *x == *y
}

func onStdout(s *subject) {
	for c := range s.all() {
		name := parseImage(c.Image).Repository
		dir := images.StdoutLinks()[name[strings.LastIndex(name, "/")+1:]]
		if dir == "" || c.init {
			continue
		}
		for _, m := range c.VolumeMounts {
			for _, reader := range s.logReaders() {
				if m.MountPath == dir && reader.owner == "" && reader.mounts(m.Name) {
					s.findf(reader.at, "reads logs that %s would write to standard output, were there no volume at %s", c.Name, dir)
				}
			}
		}
	}
}

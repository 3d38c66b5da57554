package initcontainer

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// place is where a path lies.
type place struct {
	path   string
	app    pod.Container
	mount  corev1.VolumeMount
	volume volumeKind
}

func (x *Permissions) add(p *plan) {
	places := x.places(p)
	if x.GID != nil && slices.ContainsFunc(places, func(at place) bool { return at.volume.groups }) {
		x.setGroup(p)
	}
	x.tell(p, places)
	rows := x.rows(places)
	if len(rows) == 0 || len(p.Findings) > 0 && slices.ContainsFunc(p.Findings, isError) {
		return
	}
	c := p.container("", images.Busybox(), small)
	switch {
	case x.AllowRoot:
		x.asRoot(p, &c, rows, places)
	case !p.runAs(&c, places[0].app):
		p.Findf(pod.Error, pod.InvalidConfig, "spec.permissions.mode takes the user that owns the files, and that of container %q is not known; set its securityContext.runAsUser, or allowRoot: true", places[0].app.Name)
	}
	x.mount(&c, places)
	shell(&c, permissionsScript, c.Name, append([]string{p.timeout(), x.deep()}, slices.Concat(rows...)...)...)
	p.run(c, inject.RankPrepare)
}

func isError(f pod.Finding) bool { return f.Severity == pod.Error }

// places finds the volumes of the paths.
func (x *Permissions) places(p *plan) []place {
	apps := inject.Apps(p.View)
	if names := p.config.Target.Containers; len(names) > 0 {
		apps = p.Pick("spec.target.containers", p.View.Own(), names)
	}
	var all []place
	for i, path := range x.Paths {
		found := false
		for _, app := range apps {
			if m, ok := app.MountAt(path); ok && !found {
				found = true
				all = append(all, place{path, app, m, p.volumeKind(m.Name)})
			}
		}
		if !found {
			p.Findf(pod.Error, pod.VolumeNotShared, "spec.permissions.paths[%d]: %s lies in no volume of the app; mount one there, or correct the path", i, path)
		}
	}
	return all
}

// setGroup gives the pod's volumes a group. Those that have it already are left
// alone, as far as the user has not asked otherwise.
func (x *Permissions) setGroup(p *plan) {
	p.Injection.Fields = append(p.Injection.Fields, inject.Field{Path: []string{"securityContext", "fsGroup"}, Value: *x.GID})
	policy := corev1.FSGroupChangeOnRootMismatch
	if sc := p.View.Spec().SecurityContext; sc == nil || sc.FSGroupChangePolicy == nil || *sc.FSGroupChangePolicy == policy {
		p.Injection.Fields = append(p.Injection.Fields, inject.Field{Path: []string{"securityContext", "fsGroupChangePolicy"}, Value: string(policy)})
	}
}

// tell says what cannot be done, and what need not.
func (x *Permissions) tell(p *plan, places []place) {
	for _, at := range places {
		name := at.mount.Name
		switch {
		case at.mount.SubPathExpr != "":
			p.Findf(pod.Error, pod.VolumeNotShared, "the mount at %s has a subPathExpr, which only its container can fill in; use a subPath", at.mount.MountPath)
		case at.volume.shows && (x.UID != nil || x.Mode != ""):
			p.Findf(pod.Error, pod.VolumeNotShared, "volume %q shows objects of the cluster, which no container can change; set its defaultMode, and spec.permissions.gid for the group", name)
		case x.GID != nil && !at.volume.groups && !x.AllowRoot:
			p.Findf(pod.Error, pod.VolumeNotShared, "Kubernetes does not change the group of volume %q, which is of the kind %s; set allowRoot: true, or change it where the files come from", name, at.volume.source)
		case at.volume.open && x.Mode == "":
			p.Findf(pod.Info, pod.NothingToDo, "volume %q is an emptyDir, which every user can write to", name)
		case at.volume.open && !x.AllowRoot && at.path == at.mount.MountPath && at.mount.SubPath == "":
			p.Findf(pod.Error, pod.VolumeNotShared, "%s is an emptyDir, which belongs to root; name a directory below it, take the mode out, since every user can write to it, or set allowRoot: true", at.path)
		}
	}
}

// rows are what the script has to change: a path, its owner and its mode.
func (x *Permissions) rows(places []place) [][]string {
	var rows [][]string
	for _, at := range places {
		owner := ""
		switch {
		case x.UID != nil && x.GID != nil:
			owner = number(x.UID) + ":" + number(x.GID)
		case x.UID != nil:
			owner = number(x.UID)
		case x.GID != nil && !at.volume.groups:
			owner = ":" + number(x.GID)
		}
		if at.volume.open && x.Mode == "" {
			continue
		}
		if owner != "" || x.Mode != "" {
			rows = append(rows, []string{at.path, owner, x.Mode})
		}
	}
	return rows
}

// asRoot gives a container root, and the capabilities that the change takes. All
// of them are those that Pod Security baseline lets pass.
func (x *Permissions) asRoot(p *plan, c *corev1.Container, rows [][]string, places []place) {
	root, no := int64(0), false
	c.SecurityContext.RunAsUser, c.SecurityContext.RunAsGroup, c.SecurityContext.RunAsNonRoot = &root, &root, &no
	below := slices.ContainsFunc(places, func(at place) bool { return at.path != at.mount.MountPath })
	for _, need := range []struct {
		cap corev1.Capability
		is  bool
	}{
		{"CHOWN", slices.ContainsFunc(rows, func(row []string) bool { return row[1] != "" })},
		{"DAC_OVERRIDE", x.Recursive || below}, // to enter directories of others
		{"FOWNER", x.Mode != ""},
		{"FSETID", strings.Contains(x.Mode, "s") || len(x.Mode) == 4 && x.Mode[0] > '0'}, // to keep the bit for a group of others
	} {
		if need.is {
			c.SecurityContext.Capabilities.Add = append(c.SecurityContext.Capabilities.Add, need.cap)
		}
	}
	p.Findf(pod.Warning, pod.PodSecurity, "container %q runs as root, since spec.permissions.allowRoot says so; a namespace with Pod Security restricted refuses the pod", c.Name)
}

// mount has the container see the volumes of the paths.
func (x *Permissions) mount(c *corev1.Container, places []place) {
	for _, at := range places {
		m := corev1.VolumeMount{Name: at.mount.Name, MountPath: at.mount.MountPath, SubPath: at.mount.SubPath}
		if !slices.ContainsFunc(c.VolumeMounts, func(have corev1.VolumeMount) bool { return have.MountPath == m.MountPath }) {
			c.VolumeMounts = append(c.VolumeMounts, m)
		}
	}
}

func (x *Permissions) deep() string {
	if x.Recursive {
		return "R"
	}
	return ""
}

// permissionsScript changes owners and modes, all together in the given seconds.
// -h changes links themselves and not what they lead to.
const permissionsScript = `trap 'kill "$child" 2>/dev/null; exit 143' TERM INT
limit=$1 deep=$2 failed=0 child= end=$(($(date +%s) + $1))
shift 2
change() {
  timeout "$((end - $(date +%s) + 1))" "$@" &
  child=$!
  wait "$child"
  case $? in
  0) return ;;
  124 | 143) echo "$0: gave up after $limit s" >&2; exit 1 ;;
  esac
  failed=1
}
while [ $# -gt 2 ]; do
  path=$1 owner=$2 mode=$3
  shift 3
  if [ ! -e "$path" ]; then
    echo "$0: $path is not there" >&2
    failed=1
    continue
  fi
  if [ -n "$owner" ]; then change chown "-h$deep" -- "$owner" "$path"; fi
  if [ -n "$mode" ]; then change chmod ${deep:+-R} -- "$mode" "$path"; fi
  echo "$0: $path has$(stat -L -c ' mode %a, user %u, group %g' -- "$path")"
done
exit "$failed"
`

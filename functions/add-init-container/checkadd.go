package initcontainer

import (
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

func (k *Check) add(p *plan) {
	k.judge(p)
	rows := k.rows()
	app, ok := p.app()
	if !ok || len(rows) == 0 {
		return
	}
	c := k.container(p, app)
	k.mount(p, &c, app)
	k.variables(p, &c, app)
	shell(&c, checkScript(rows), c.Name, append([]string{p.mountCA(&c, k.CA)}, slices.Concat(rows...)...)...)
	p.run(c, inject.RankPrepare)
	if len(k.Reachable) > 0 {
		p.warnOfMesh()
	}
}

// container runs as the user of the app, where that is known.
func (k *Check) container(p *plan, app pod.Container) corev1.Container {
	if k.UseAppImage {
		c, full := p.container("", images.Image{}, medium), p.View.Full(app.Name)
		c.Image, c.ImagePullPolicy = app.Image, full.ImagePullPolicy
		root := c.SecurityContext.ReadOnlyRootFilesystem
		c.SecurityContext = p.likeApp(full.SecurityContext)
		c.SecurityContext.ReadOnlyRootFilesystem = root
		return c
	}
	image, s := images.Busybox(), small
	if k.asksHTTPS() {
		image, s = images.Get("curl"), withCurl()
	}
	c := p.container("", image, s)
	asksUser := slices.ContainsFunc(k.Files, func(f CheckFile) bool { return f.Writable != nil })
	if !p.runAs(&c, app) && asksUser {
		p.Findf(pod.Info, pod.AppAssumed, "the user of container %q is not known, so that the check asks for another one what may be written to; set its securityContext.runAsUser, or spec.check.useAppImage", app.Name)
	}
	return c
}

// mount has the check see the volumes of the app that hold what it looks at. They
// are read-only, but where it asks what may be written to.
func (k *Check) mount(p *plan, c *corev1.Container, app pod.Container) {
	for i, f := range k.Files {
		m, ok := app.MountAt(f.Path)
		if !ok {
			if !k.UseAppImage {
				p.Findf(pod.Error, pod.VolumeNotShared, "spec.check.files[%d].path: %s lies in no volume of container %q, and files of its image are out of sight; set useAppImage, where the image has sh, stat and grep", i, f.Path, app.Name)
			}
			continue
		}
		if m.SubPathExpr != "" {
			p.Findf(pod.Error, pod.VolumeNotShared, "the mount at %s has a subPathExpr, which only its container can fill in; use a subPath", m.MountPath)
		}
		at := slices.IndexFunc(c.VolumeMounts, func(have corev1.VolumeMount) bool { return have.MountPath == m.MountPath })
		if at < 0 {
			at, c.VolumeMounts = len(c.VolumeMounts), append(c.VolumeMounts, m)
			c.VolumeMounts[at].ReadOnly = true
		}
		if f.Writable != nil {
			c.VolumeMounts[at].ReadOnly = m.ReadOnly
		}
	}
}

// variables gives the check the variables that it asks for, behind those that
// they refer to, and all of the app's ConfigMaps and Secrets where they may come
// from there.
func (k *Check) variables(p *plan, c *corev1.Container, app pod.Container) {
	var names []string
	for _, e := range k.Env {
		names = append(names, e.Name)
	}
	c.Env = append(c.Env, p.View.EnvFor(app, names...)...)
	for _, name := range names {
		if !slices.ContainsFunc(c.Env, func(have corev1.EnvVar) bool { return have.Name == name }) {
			c.EnvFrom = p.View.EnvFromOf(app.Name)
		}
	}
}

// rows are what the script is to look at.
func (k *Check) rows() [][]string {
	var rows [][]string
	for _, f := range k.Files {
		rows = append(rows, f.rows()...)
	}
	for _, e := range k.Env {
		switch {
		case e.Absent:
			rows = append(rows, []string{"unset", e.Name, ""})
		case e.Pattern != "":
			rows = append(rows, []string{"match", e.Name, e.Pattern})
		default:
			rows = append(rows, []string{"set", e.Name, ""})
		}
	}
	for _, target := range k.Reachable {
		kind := "tcp"
		switch {
		case strings.Contains(target, "://") && k.asksHTTPS():
			kind = "https" // curl asks for all of them
		case strings.Contains(target, "://"):
			kind = "http"
		}
		rows = append(rows, []string{kind, target, ""})
	}
	if slices.Contains(k.Forbid, forbidToken) {
		rows = append(rows, []string{"absent", tokenDir + "/token", ""})
	}
	return rows
}

func (f CheckFile) rows() [][]string {
	if f.Absent {
		return [][]string{{"absent", f.Path, ""}}
	}
	rows := [][]string{{"present", f.Path, ""}}
	for _, r := range []struct {
		set        bool
		kind, want string
	}{
		{f.Type != "", f.Type, ""},
		{f.NotEmpty, "filled", ""},
		{f.MaxMode != "", "mode", f.MaxMode},
		{f.Owner != nil, "owner", number(f.Owner)},
		{f.Group != nil, "group", number(f.Group)},
		{f.Writable != nil && *f.Writable, "writable", ""},
		{f.Writable != nil && !*f.Writable, "readonly", ""},
	} {
		if r.set {
			rows = append(rows, []string{r.kind, f.Path, r.want})
		}
	}
	return rows
}

// number is that of a user or group.
func number(id *int64) string {
	if id == nil {
		return ""
	}
	return strconv.FormatInt(*id, 10)
}

package initcontainer

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Migrate brings the schema of a database up to date, by a tool, or by a command of
// the app's own image. It runs in every pod: all tools but dbmate lock the database, so
// that one works and the others find nothing left to do.
// +krm-sidecars:oneOf=tool;useAppImage
type Migrate struct {
	// Tool is golang-migrate, flyway, liquibase, atlas or dbmate.
	// +kubebuilder:validation:Enum=golang-migrate;flyway;liquibase;atlas;dbmate
	Tool string `json:"tool,omitempty"`
	// Source of the migrations. Default: they are in the image that
	// spec.container.image names.
	Source *MigrationSource `json:"source,omitempty"`
	// DatabaseURL is the key of a Secret that holds the URL, in the form that the tool
	// wants: with user and password, or without where those are given apart.
	DatabaseURL *config.SecretKey `json:"databaseURL,omitempty"`
	// URL of the database without a password, such as jdbc:postgresql://db/shop, in
	// place of databaseURL; for flyway and liquibase.
	// +krm-sidecars:text=single-line
	URL string `json:"url,omitempty"`
	// Username is the key of a Secret that holds the user; for flyway and liquibase.
	Username *config.SecretKey `json:"username,omitempty"`
	// Password is the key of a Secret that holds the password; for flyway and
	// liquibase.
	Password *config.SecretKey `json:"password,omitempty"`
	// Changelog is the file that liquibase begins with. Default changelog.xml.
	// +krm-sidecars:text=file-name
	Changelog string `json:"changelog,omitempty"`
	// UseAppImage runs command in the app's image, with the variables, mounts and
	// security context of its container. Default false.
	UseAppImage bool `json:"useAppImage,omitempty"`
	// Command of the app's image that migrates, such as [python, manage.py, migrate,
	// --noinput]. $(NAME) stands for a variable.
	Command []string `json:"command,omitempty"`
	// Args are further options of the tool. $(NAME) stands for a variable.
	Args []string `json:"args,omitempty"`
	// Env are further variables, as Kubernetes has them.
	Env []corev1.EnvVar `json:"env,omitempty"`
}

// MigrationSource is where the files of the migrations are.
// +krm-sidecars:oneOf=configMap;image;volume
type MigrationSource struct {
	// ConfigMap whose keys are the files.
	// +krm-sidecars:text=object-name
	ConfigMap string `json:"configMap,omitempty"`
	// Image that holds the files; it is mounted, which needs Kubernetes 1.35.
	Image string `json:"image,omitempty"`
	// Volume of the pod that holds the files, such as one that fetch has filled.
	// +krm-sidecars:text=dns-label
	Volume string `json:"volume,omitempty"`
	// Path of the directory in that image or volume. Default: its root.
	// +krm-sidecars:text=absolute
	Path string `json:"path,omitempty"`
}

const defaultChangelog = "changelog.xml"

func (m *Migrate) setDefaults() {
	if m.Tool == "liquibase" && m.Changelog == "" {
		m.Changelog = defaultChangelog
	}
}

func (m *Migrate) add(p *plan) {
	if m.UseAppImage {
		m.addApp(p)
	} else {
		m.addTool(p)
	}
	p.warnOfMesh()
}

// addTool adds the container of a tool. Where its image has a shell, that bounds
// its time.
func (m *Migrate) addTool(p *plan) {
	t, _ := migrationTool(m.Tool)
	c := p.container("", images.Get(t.name), t.size)
	c.Env = m.env(t)
	m.mountSource(p, &c, t)
	p.scratch(&c, "64Mi")
	words := strings.Fields(strings.NewReplacer("{dir}", t.dir, "{changelog}", m.Changelog).Replace(t.command))
	last := len(words) - 1
	words = slices.Concat(words[:last], m.Args, words[last:])
	if t.noShell {
		c.Args = words
	} else {
		p.bounded(&c)
		c.Command = append(c.Command, words...)
	}
	if t.stuck != "" {
		p.Findf(pod.Info, pod.LockMayStay, "a run of %s that is stopped in the middle, as by timeoutSeconds, %s", t.name, t.stuck)
	}
	if t.unlocked && !p.View.Finite() {
		p.Findf(pod.Info, pod.RunsInEveryPod, "%s runs in every pod, in several at a time, and does not lock the database; run it in a Job where there are replicas", t.name)
	}
	p.run(c, inject.RankFinish)
}

// env are the tool's variables: those of Secrets first, since others may refer to
// them.
func (m *Migrate) env(t tool) []corev1.EnvVar {
	var env []corev1.EnvVar
	for _, s := range []struct {
		name string
		from *config.SecretKey
	}{{t.url, m.DatabaseURL}, {t.user, m.Username}, {t.password, m.Password}} {
		if s.from != nil {
			env = append(env, s.from.Env(s.name))
		}
	}
	if m.URL != "" {
		env = append(env, corev1.EnvVar{Name: t.url, Value: inject.Literal(m.URL)})
	}
	env = append(env, corev1.EnvVar{Name: "HOME", Value: "/tmp"})
	return inject.Override(corev1.Container{Env: env}, &corev1.Container{Env: m.Env}).Env
}

// mountSource shows the tool the files.
func (m *Migrate) mountSource(p *plan, c *corev1.Container, t tool) {
	volume := p.label("files")
	switch s := m.Source; {
	case s == nil:
		return
	case s.ConfigMap != "":
		p.Injection.MountConfigMap(c, volume, s.ConfigMap, t.dir)
		return
	case s.Image != "":
		p.Injection.AddVolume(volume, corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: s.Image}})
	case !p.View.VolumeTaken(s.Volume):
		p.Findf(pod.Error, pod.VolumeUnknown, "spec.migrate.source.volume names %q, and the pod has no such volume; add it there, or correct the name", s.Volume)
		return
	default:
		volume = s.Volume
	}
	c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: volume, MountPath: t.dir,
		SubPath: strings.Trim(m.Source.Path, "/"), ReadOnly: true})
}

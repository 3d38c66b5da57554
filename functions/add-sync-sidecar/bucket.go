package syncsidecar

import (
	"cmp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Bucket is a bucket of an object store.
type Bucket struct {
	// Provider is s3, gcs, azureblob or swift. Required.
	// +required
	// +kubebuilder:validation:Enum=s3;gcs;azureblob;swift
	Provider string `json:"provider,omitempty"`
	// Path is the bucket, or container, and a path in it. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Path string `json:"path,omitempty"`
	// Mount is the directory of the pod. Required.
	// +required
	Mount Mount `json:"mount,omitempty"`
	// Direction is down, from the bucket to the pod, or up. Default down.
	// +kubebuilder:validation:Enum=down;up
	// +kubebuilder:default=down
	Direction string `json:"direction,omitempty"`
	// Delete removes what is not at the other end, too. Default false.
	Delete bool `json:"delete,omitempty"`
	// Period between two rounds. Default 1m.
	// +krm-sidecars:text=duration
	// +kubebuilder:default="1m"
	Period string `json:"period,omitempty"`
	// Options are settings of rclone's provider, such as region, endpoint, or provider:
	// Minio for s3. Those that are secret come from credentials.
	Options map[string]string `json:"options,omitempty"`
	// Credentials are settings of rclone's provider that come from a Secret, such as
	// access_key_id and secret_access_key for s3. Default: those of the pod, by its
	// service account.
	Credentials map[string]config.SecretKey `json:"credentials,omitempty"`
	// Args are further arguments of rclone.
	Args []string `json:"args,omitempty"`
}

// The directions.
const (
	down = "down"
	up   = "up"
)

func (b *Bucket) setDefaults() {
	b.Direction = cmp.Or(b.Direction, down)
	b.Period = cmp.Or(b.Period, "1m")
	b.Mount.setDefaults()
}

// provider is what rclone calls a kind of store, and the setting by which it takes
// the pod's own identity.
type provider struct{ name, kind, identity string }

func providers() []provider {
	return []provider{
		{"s3", "s3", "env_auth"},
		{"gcs", "google cloud storage", "env_auth"},
		{"azureblob", "azureblob", "env_auth"},
		{"swift", "swift", "env_auth"},
	}
}

func providerNamed(name string) (provider, bool) {
	i := slices.IndexFunc(providers(), func(p provider) bool { return p.name == name })
	if i < 0 {
		return provider{}, false
	}
	return providers()[i], true
}

func (b *Bucket) validate() config.Errors {
	var errs config.Errors
	if _, ok := providerNamed(b.Provider); !ok {
		errs.Addf("provider", "%q is none of s3, gcs, azureblob, swift", b.Provider)
	}
	errs = append(errs, config.Required("path", b.Path, "the bucket and a path in it, such as shop-assets/images", plainPath)...)
	errs = append(errs, b.Mount.validate("mount")...)
	errs = append(errs, config.OneOf("direction", b.Direction, down, up)...)
	errs = append(errs, config.Each("period", b.Period, config.Duration)...)
	for _, name := range sorted(b.Options) {
		at := "options." + name
		errs = append(errs, config.Each(at, name, setting)...)
		if len(config.LiteralSecrets([]corev1.EnvVar{{Name: name, Value: b.Options[name]}}, at)) > 0 {
			errs.Addf(at, "a secret in plain text; write credentials: {%s: {name: my-secret, key: my-key}}", name)
		}
		errs = append(errs, config.Each(at, b.Options[name], config.SingleLine)...)
	}
	for _, name := range sorted(b.Credentials) {
		at := "credentials." + name
		key := b.Credentials[name]
		errs = append(errs, config.Each(at, name, setting)...)
		errs = append(errs, key.Validate(at)...)
	}
	return append(errs, config.NoPasswords("args", b.Args)...)
}

// plainPath is a path in a bucket.
func plainPath(text string) string {
	if strings.HasPrefix(text, "/") || strings.Contains(text, ":") {
		return "is no path in a bucket; write bucket/path, without a scheme"
	}
	return config.SingleLine(text)
}

// setting is the name of a setting of rclone.
func setting(text string) string {
	if strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return "is no name of a setting; write it as rclone does, such as region or access_key_id"
	}
	return ""
}

// rounds copies again and again: $1 is rclone's command, $2 where from, $3 where to,
// $4 the seconds between two rounds, $5 whether one more round is due at the end.
// What follows are arguments for rclone. A round that fails is tried again.
const rounds = `command=$1 from=$2 to=$3 pause=$4 last=$5
shift 5
round() { rclone "$command" "$from" "$to" "$@"; }
trap 'kill "$child" 2>/dev/null; wait "$child" 2>/dev/null; [ "$last" = no ] || round "$@"; exit 0' TERM INT
while :; do
  round "$@" &
  child=$!
  if wait "$child"; then
    [ -e /tmp/synced ] || echo "bucket-sync: $from is in step with $to"
    touch /tmp/synced
  else
    echo "bucket-sync: copying $from to $to failed; trying again in $pause s" >&2
  fi
  sleep "$pause" &
  child=$!
  wait "$child"
done
`

// firstRound copies once, and tries again up to ten times.
const firstRound = `command=$1 from=$2 to=$3 pause=$4
shift 5
trap 'kill "$child" 2>/dev/null; exit 143' TERM INT
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  rclone "$command" "$from" "$to" "$@" &
  child=$!
  if wait "$child"; then
    echo "bucket-sync: $from is in step with $to"
    exit 0
  fi
  echo "bucket-sync: copying $from to $to failed ($attempt of 10)" >&2
  sleep "$pause" &
  child=$!
  wait "$child"
done
exit 1
`

func (b *Bucket) add(p *plan) {
	b.checkDelete(p)
	c := p.container("bucket-sync", "rclone")
	p.share(&c, "spec.bucket.mount", &b.Mount, b.Direction == down)
	p.Injection.Scratch(&c, "/tmp", "64Mi")
	c.Env = b.env()
	command := func(script string) []string {
		return append([]string{"sh", "-c", script, "bucket-sync"}, inject.Literals(b.args())...)
	}
	c.Command = command(rounds)
	if b.Direction == up {
		p.run(c, inject.RankBeside)
		return
	}
	ready := &corev1.Probe{TimeoutSeconds: 5, ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"test", "-e", "/tmp/synced"}}}}
	p.gated(c, ready, func(first *corev1.Container) { first.Command = command(firstRound) })
}

// checkDelete finds deletions that nobody can have meant.
func (b *Bucket) checkDelete(p *plan) {
	volume, lasting := p.lasting("spec.bucket.mount", &b.Mount)
	switch {
	case !b.Delete:
	case b.Direction == up && !lasting:
		p.Findf(pod.Error, pod.WouldDelete, "delete with direction: up would empty the bucket whenever a pod starts, since %s is empty then; take delete out, or keep the directory in a volume that lasts", b.Mount.Path)
	case b.Direction == down && lasting:
		p.Findf(pod.Warning, pod.WouldDelete, "delete removes from volume %q what is not in the bucket", volume)
	}
}

// env tells rclone of a store named store.
func (b *Bucket) env() []corev1.EnvVar {
	const prefix = "RCLONE_CONFIG_STORE_"
	kind, _ := providerNamed(b.Provider)
	env := []corev1.EnvVar{{Name: "XDG_CONFIG_HOME", Value: "/tmp"}, {Name: prefix + "TYPE", Value: kind.kind}}
	if len(b.Credentials) == 0 && b.Options[kind.identity] == "" {
		env = append(env, corev1.EnvVar{Name: prefix + strings.ToUpper(kind.identity), Value: "true"})
	}
	for _, name := range sorted(b.Options) {
		env = append(env, corev1.EnvVar{Name: prefix + strings.ToUpper(name), Value: inject.Literal(b.Options[name])})
	}
	for _, name := range sorted(b.Credentials) {
		key := b.Credentials[name]
		env = append(env, key.Env(prefix+strings.ToUpper(name)))
	}
	return env
}

// args are the parameters of the scripts.
func (b *Bucket) args() []string {
	command, from, to, last := "copy", "store:"+b.Path, b.Mount.Path, "no"
	if b.Delete {
		command = "sync"
	}
	if b.Direction == up {
		from, to, last = to, from, "yes"
	}
	pause, _ := time.ParseDuration(b.Period) // it was checked
	return append([]string{command, from, to, number(int32(max(pause.Seconds(), 1))), last}, b.Args...)
}

package initcontainer

import (
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// size is what a container may use: CPU and memory that it asks for, and the most.
type size struct{ cpu, memory, cpuLimit, memoryLimit string }

// The usual sizes.
var (
	small  = size{"5m", "8Mi", "100m", "32Mi"}    //nolint:gochecknoglobals // a constant
	medium = size{"10m", "32Mi", "200m", "128Mi"} //nolint:gochecknoglobals // a constant
	large  = size{"50m", "64Mi", "500m", "256Mi"} //nolint:gochecknoglobals // a constant
)

// in are the resources of a container in a pod.
func (s size) in(v *pod.View) corev1.ResourceRequirements {
	return inject.ResourcesIn(v, s.cpu, s.memory, s.cpuLimit, s.memoryLimit)
}

// container is one with all that is safe, of a row of the table of images. more
// follows the name of the config's first container; "" for that one itself.
func (p *plan) container(more string, image images.Image, s size) corev1.Container {
	c := corev1.Container{Name: p.name, Image: image.String(),
		SecurityContext:          inject.Restricted(p.config.User(image.UID)),
		Resources:                s.in(p.View),
		TerminationMessagePolicy: corev1.TerminationMessageFallbackToLogsOnError,
	}
	if more != "" {
		c.Name = p.label(more)
	}
	return c
}

// run adds an init container.
func (p *plan) run(c corev1.Container, rank inject.Rank) {
	p.Injection.Containers = append(p.Injection.Containers, inject.Container{Container: p.overridden(c), Rank: rank, Init: true})
}

// runBeside adds a container that keeps running beside the app.
func (p *plan) runBeside(c corev1.Container, rank inject.Rank) {
	p.Injection.Containers = append(p.Injection.Containers, inject.Container{Container: p.overridden(c), Rank: rank})
}

// overridden is a container with what the user wants otherwise. The name is
// settled before, since other names follow it.
func (p *plan) overridden(c corev1.Container) corev1.Container {
	if p.config.Container == nil {
		return c
	}
	by := *p.config.Container
	by.Name = ""
	return inject.Override(c, &by)
}

// shell has a container run a script of ours, as sh -c script name args. The
// args are values of the user's, or numbers: they reach the script as $1, $2 and
// so on, and nothing in them is expanded.
func shell(c *corev1.Container, script, name string, args ...string) {
	c.Command = append([]string{"sh", "-c", script, name}, inject.Literals(args)...)
}

// boundedScript runs a command, which ends when the container is told to, or when
// its time is over. Its parameters are the seconds, and the command with its
// arguments; the name that it logs under is $0. timeout is part of busybox and of
// coreutils.
const boundedScript = `trap 'kill -TERM "$child"; wait "$child"; exit 143' TERM INT
limit=$1
shift
timeout "$limit" "$@" &
child=$!
wait "$child"
code=$?
case $code in
124 | 143) echo "$0: gave up after $limit s" >&2; code=1 ;;
0) echo "$0: done" ;;
*) echo "$0: failed with exit code $code" >&2 ;;
esac
exit "$code"
`

// bounded has a container run a command that ends in time. The image needs sh and
// timeout.
func (p *plan) bounded(c *corev1.Container, command ...string) {
	shell(c, boundedScript, p.name, append([]string{p.timeout()}, command...)...)
}

// boundedIn is bounded for a command that works in a directory, which is made
// where it is not there. What it prints becomes a file, where one is named: at
// once, and only when the command has succeeded.
func (p *plan) boundedIn(c *corev1.Container, dir, file string, command ...string) {
	script, args := inDir(), []string{p.timeout(), dir}
	if file != "" {
		script, args = intoFile(), append(args, file)
	}
	shell(c, script, p.name, append(args, command...)...)
}

// inDir is boundedScript with a directory behind the seconds, intoFile with a
// file of it, too.
func inDir() string {
	return strings.Replace(boundedScript, "limit=$1\nshift\n", `limit=$1 dir=$2
shift 2
mkdir -p "$dir" && cd "$dir" || exit
`, 1)
}

func intoFile() string {
	return strings.NewReplacer(
		"limit=$1\nshift\n", `limit=$1 dir=$2 file=$3
shift 3
mkdir -p "$dir/$(dirname "$file")" && cd "$dir" || exit
`,
		`"$@" &`, `"$@" >"$file.partial" &`,
		`0) echo`, `0) mv -f "$file.partial" "$file" && echo`).Replace(boundedScript)
}

// timeout and interval are numbers of seconds, for scripts and flags.
func (p *plan) timeout() string { return strconv.Itoa(int(p.config.TimeoutSeconds)) }

func (p *plan) interval() string { return strconv.Itoa(int(p.config.IntervalSeconds)) }

// scratch gives a container a /tmp of its own.
func (p *plan) scratch(c *corev1.Container, limit string) {
	const dir = "/tmp"
	name := inject.Label(c.Name, dir)
	p.Injection.EmptyDir(name, limit, "")
	c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: name, MountPath: dir})
}

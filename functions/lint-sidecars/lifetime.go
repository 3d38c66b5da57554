package lint

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// lifetimeRules are about how long containers run, and how they end.
func lifetimeRules() []rule {
	return []rule{{
		id: "SC006", name: "job-never-completes", severity: pod.Error, check: endlessInJob,
		about:  "A pod that is to complete has a sidecar among its containers that never ends.",
		remedy: "make it a native sidecar: an init container with restartPolicy: Always",
	}, {
		id: "SC007", name: "init-never-ends", severity: pod.Error, check: endlessInit,
		about:  "An init container runs a program that never ends, so that the app never starts.",
		remedy: "let it end, or make it a native sidecar with restartPolicy: Always",
	}, {
		id: "SC008", name: "tail-loses-lines", severity: pod.Warning, check: tails,
		about:  "A tail fails when the file is not there yet, or loses it when it is rotated.",
		remedy: "use tail -n+1 -F, with -q for several files",
	}, {
		id: "SC009", name: "term-ignored", severity: pod.Warning, check: deafToTerm,
		about:  "The first process of a container ignores TERM, so that each end of the pod takes the whole grace period.",
		remedy: `set a trap: trap "exit 0" TERM INT; command & wait $!`,
	}}
}

// endlessPrograms run until they are stopped, whatever their options.
func endlessPrograms() []string {
	return []string{"fluent-bit", "fluentd", "filebeat", "vector", "otelcol", "otelcol-contrib", "otelcol-k8s", "alloy", "promtail", "envoy",
		"oauth2-proxy", "cloud-sql-proxy", "cloud_sql_proxy", "alloydb-auth-proxy", "nginx", "haproxy", "configmap-reload", "daprd", "ghostunnel"}
}

// endingWords are first words with which such programs do something and end.
func endingWords() []string {
	return []string{"--version", "--help", "-h", "-v", "-V", "-t", "version", "help", "setup", "test", "validate", "export", "fmt", "generate", "--dry-run", "-s"}
}

// endless reports whether a command runs until it is stopped.
func (c call) endless() bool {
	switch name := c.name(); {
	case name == "tail":
		return c.follows()
	case name == "sleep":
		return slices.Contains(c.words, "infinity") || slices.Contains(c.words, "inf")
	case len(c.words) > 1 && slices.Contains(endingWords(), c.words[1]):
		return false
	default:
		return slices.Contains(endlessPrograms(), name)
	}
}

// endless returns what never ends in a container; "" when nothing does, as far as
// the manifest tells.
func (c container) endless() string {
	if parsed, _, ok := c.script(); ok {
		for _, call := range parsed.calls {
			if call.endless() {
				return call.name()
			}
		}
		for _, l := range parsed.loops {
			if l.forever() {
				return "a loop"
			}
		}
		return ""
	}
	command := call{words: c.words()}
	fact := factOf(c.Image)
	switch {
	case command.endless():
		return command.name()
	case len(c.Command) > 0, fact.role == noRole, fact.role == secrets, c.mentions(fact.ends):
		return ""
	}
	return path.Base(parseImage(c.Image).Repository)
}

// mentions reports whether a word stands in the command line, or in a variable.
func (c container) mentions(word string) bool {
	in := func(text string) bool { return strings.Contains(text, word) }
	return word != "" && (slices.ContainsFunc(c.words(), in) || slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return in(e.Name) || in(e.Value) }))
}

// forever reports a loop that nothing ends.
func (l loop) forever() bool {
	first, _, _ := strings.Cut(l.text, "do")
	condition := strings.Trim(strings.TrimPrefix(strings.TrimPrefix(first, "while"), "until"), " \t;\n")
	endless := l.kind == "while" && slices.Contains([]string{"true", ":", "[ 1 ]", "[ true ]", "sleep"}, condition) || l.kind == "until" && condition == "false"
	return endless && !strings.Contains(l.text, "break") && !strings.Contains(l.text, "exit") && !strings.Contains(l.text, "return")
}

func endlessInJob(s *subject) {
	if !s.view.Finite() || len(s.spec.Containers) < 2 || s.endsHelpers() {
		return
	}
	app := s.app()
	for c := range s.all() {
		if what := c.endless(); !c.init && c.Name != app && !ofMesh(c) && what != "" {
			s.findf(c.at, "runs %s, which never ends, so that the pod never completes", what)
		}
	}
}

// endsHelpers reports whether a container is told to end the others.
func (s *subject) endsHelpers() bool {
	return slices.ContainsFunc(s.containers, func(c container) bool {
		text := strings.Join(c.words(), " ")
		return strings.Contains(text, "quitquitquit") || s.view.ShareProcesses && strings.Contains(text, "kill")
	})
}

func endlessInit(s *subject) {
	for c := range s.all() {
		if what := c.endless(); c.plainInit() && what != "" {
			s.findf(c.at, "runs %s, which never ends, so that the app never starts", what)
		}
	}
}

// follows reports a tail that waits for more.
func (c call) follows() bool { return c.has("f", "follow") || c.has("F", "") }

func tails(s *subject) {
	for c := range s.all() {
		calls, at := c.calls()
		for _, call := range calls {
			if call.name() == "tail" && call.follows() {
				s.judgeTail(c, call, at)
			}
		}
	}
}

func (s *subject) judgeTail(c container, tail call, at string) {
	if problem := tail.loses(); problem != "" {
		s.fixf(c.mendTail(s, at), at, "%s", problem)
	}
	files := tail.files()
	if len(files) > 1 && !tail.has("q", "quiet") && !tail.has("q", "silent") {
		s.findf(at, "tail of several files puts lines like ==> %s <== between theirs", files[0])
	}
	if strings.ContainsAny(strings.Join(files, ""), "*?") {
		s.findf(at, "the shell looks for %s once, when the container starts: files that come later are not read", strings.Join(files, " "))
	}
}

// loses says how a tail loses lines.
func (c call) loses() string {
	switch {
	case !c.has("F", "") && !c.has("", "retry") && !c.has("", "follow=name"):
		return "tail -f ends when the file is not there yet, and reads on in the old file when it is rotated"
	case !slices.ContainsFunc(c.words, func(w string) bool {
		return strings.HasPrefix(w, "-n") || strings.HasPrefix(w, "-c") || strings.HasPrefix(w, "--lines") || strings.HasPrefix(w, "--bytes")
	}):
		return "tail begins with the last ten lines, and loses those before"
	}
	return ""
}

// files are what a tail reads.
func (c call) files() []string {
	var all []string
	for i, w := range c.words[1:] {
		if before := c.words[i]; !strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "+") && before != "-n" && before != "-c" && before != "-s" {
			all = append(all, w)
		}
	}
	return all
}

// mendTail corrects a tail -f that has no other options.
func (c container) mendTail(s *subject, at string) []inject.Repair {
	const wrong, right = "tail -f /", "tail -n+1 -F /"
	text, i := scriptIn(c.words())
	if i >= 0 && strings.Count(text, "tail ") == 1 && strings.Contains(text, wrong) {
		return []inject.Repair{{Path: s.field(at), Value: strings.Replace(text, wrong, right, 1)}}
	}
	if len(c.Command) == 3 && len(c.Args) == 0 && c.Command[0] == "tail" && c.Command[1] == "-f" {
		return []inject.Repair{{Path: s.field(c.at + ".command"), Value: []string{"tail", "-n+1", "-F", c.Command[2]}}}
	}
	return nil
}

// reapers are first processes that pass signals on.
func reapers() []string { return []string{"tini", "dumb-init", "catatonit", "s6-svscan"} }

func deafToTerm(s *subject) {
	if s.view.ShareProcesses { // then the first process is that of the pod
		return
	}
	for c := range s.all() {
		words := c.words()
		if c.plainInit() || len(words) == 0 || slices.Contains(reapers(), path.Base(words[0])) {
			continue
		}
		if what, at := c.deaf(); what != "" {
			s.findf(at, "%s ignores TERM", what)
		}
	}
}

// deaf returns what in a container does not end on TERM as its first process.
func (c container) deaf() (what, at string) {
	parsed, at, ok := c.script()
	if !ok {
		if command := (call{words: c.words()}); command.name() == "tail" && command.follows() || command.name() == "sleep" {
			return command.name() + ", as the first process of the container,", c.at + ".command"
		}
		return "", ""
	}
	if slices.ContainsFunc(parsed.calls, func(c call) bool { return c.name() == "trap" }) {
		return "", ""
	}
	for _, call := range parsed.calls {
		if call.name() == "tail" && call.follows() || call.name() == "sleep" && call.endless() {
			return "the shell that runs " + call.name(), at
		}
	}
	if slices.ContainsFunc(parsed.loops, loop.forever) {
		return "the shell in its loop", at
	}
	return "", ""
}

package lint

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// againRules are about work that is done again, waited for, or cut short.
func againRules() []rule {
	return []rule{{
		id: "SC035", name: "grace-period-short", severity: pod.Warning, check: shortGrace,
		about:  "The pod is killed before its containers are done with what they do at the end.",
		remedy: "raise terminationGracePeriodSeconds, or wait less",
	}, {
		id: "SC036", name: "not-idempotent", severity: pod.Warning, check: notIdempotent,
		about:  "An init container does something to a volume that fails, or adds up, when it runs again.",
		remedy: "let it give the same result when it runs twice",
	}, {
		id: "SC037", name: "unbounded-wait", severity: pod.Warning, check: unboundedWait,
		about:  "An init container waits without an end: a pod that will never start looks like one that starts slowly.",
		remedy: "count the attempts and exit 1, or put timeout in front",
	}}
}

// defaultGrace is terminationGracePeriodSeconds where it is left out.
const defaultGrace = 30

// drains are options by which a program says how long it ends, in seconds or as a
// duration.
func drains() []string {
	return []string{"--drain-time-s", "--max-sigterm-delay", "--shutdown-timeout", "--graceful-shutdown-timeout", "--shutdown-grace-period"}
}

func shortGrace(s *subject) {
	grace := int64(defaultGrace)
	if s.spec.TerminationGracePeriodSeconds != nil {
		grace = *s.spec.TerminationGracePeriodSeconds
	}
	for c := range s.all() {
		if c.plainInit() {
			continue
		}
		sleep, drain := c.preStopSleep(), c.drain()
		switch {
		case sleep >= grace && sleep > 0:
			s.findf(c.at+".lifecycle.preStop", "sleeps for %d s, and the pod is killed after %d s", sleep, grace)
		case drain > 0 && sleep+drain > grace:
			s.findf(c.at, "takes %d s to end, and the pod is killed after %d s", sleep+drain, grace)
		}
	}
}

// preStopSleep is how long the preStop hook of a container sleeps, in seconds.
func (c container) preStopSleep() int64 {
	if c.Lifecycle == nil || c.Lifecycle.PreStop == nil {
		return 0
	}
	hook := c.Lifecycle.PreStop
	if hook.Sleep != nil {
		return hook.Sleep.Seconds
	}
	if hook.Exec == nil {
		return 0
	}
	calls := []call{{words: hook.Exec.Command}}
	if text, i := scriptIn(hook.Exec.Command); i >= 0 {
		calls = parseScript(text).calls
	}
	var total int64
	for _, call := range calls {
		if call.name() == "sleep" && len(call.words) == 2 && call.loop == 0 {
			total += seconds(call.words[1])
		}
	}
	return total
}

// drain is how long a container is told to take for its end, in seconds.
func (c container) drain() int64 {
	for _, name := range drains() {
		if value, ok := c.option(name); ok {
			return seconds(value)
		}
	}
	return 0
}

// seconds reads 5, 5s or 1m; 0 for what is none.
func seconds(text string) int64 {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	d, _ := time.ParseDuration(text) // 0 when it is none
	return int64(d / time.Second)
}

func notIdempotent(s *subject) {
	for c := range s.all() {
		parsed, at, ok := c.script()
		if !c.plainInit() || !ok {
			continue
		}
		for i, call := range parsed.calls {
			if problem := c.adds(call, parsed.calls[:i]); problem != "" {
				s.findf(at, "%s", problem)
			}
		}
	}
}

// adds says what a command does that it should not do twice. What does not lie in
// a volume is new with every start of a container.
func (c container) adds(now call, before []call) string {
	for _, file := range now.appends {
		if c.inVolume(file) && !cleared(file, before) {
			return "adds to " + file + " with every run"
		}
	}
	files := now.operands()
	target := ""
	if len(files) > 0 {
		target = files[len(files)-1]
	}
	if now.guarded || !strings.HasPrefix(target, "/") || !c.inVolume(target) || cleared(target, before) {
		return ""
	}
	switch {
	case now.is("git", "clone"):
		return "git clone fails when " + target + " is there already"
	case now.name() == "mkdir" && !now.has("p", "parents"):
		return "mkdir without -p fails when " + target + " is there already"
	case now.name() == "ln" && now.has("s", "symbolic") && !now.has("f", "force"):
		return "ln -s without -f fails when " + target + " is there already"
	}
	return ""
}

// cleared reports whether commands before have made a file anew, or away with it.
func cleared(file string, before []call) bool {
	return slices.ContainsFunc(before, func(c call) bool {
		removed := c.name() == "rm" && slices.ContainsFunc(c.operands(), func(gone string) bool {
			return pod.Within(file, strings.TrimRight(gone, "*"))
		})
		tested := (c.name() == "[" || c.name() == "test") && slices.Contains(c.words, file)
		return removed || tested || slices.Contains(c.writes, file)
	})
}

// counts is what a loop has that ends by itself after some time.
var counts = lazyre.New(`\$\(\(|\(\(|\bexpr\b|\blet\b|SECONDS|date \+|-(?:gt|ge|lt|le|eq) |\bbreak\b|\bexit\b|\breturn\b|\btimeout\b`)

// bounded reports whether a loop ends by itself.
func (l loop) bounded() bool { return l.kind == "for" || counts().MatchString(l.text) }

func unboundedWait(s *subject) {
	if s.spec.ActiveDeadlineSeconds != nil {
		return
	}
	for c := range s.all() {
		parsed, at, ok := c.script()
		if !c.plainInit() || !ok || slices.Contains(c.words(), "timeout") {
			continue
		}
		for _, l := range parsed.loops {
			if !l.bounded() && strings.Contains(l.text, "sleep") && !strings.Contains(parsed.text, "timeout ") {
				s.findf(at, "waits in a loop that nothing ends")
				break
			}
		}
	}
}

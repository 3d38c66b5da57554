package logsidecar

import (
	"path"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

func (l Log) validate(agent string) config.Errors {
	errs := config.OneOf("readFrom", l.ReadFrom, readFromStart, readFromEnd)
	if len(l.Paths) == 0 {
		errs.Addf("paths", "missing; name the files to follow, such as [/var/log/app/app.log]")
	}
	for i, p := range l.Paths {
		if wrong := wrongFile(p, agent); wrong != "" {
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
	return append(errs, l.validateReading(agent)...)
}

// validateReading checks how lines become records.
func (l Log) validateReading(name string) config.Errors {
	a, known := agentOf(name)
	kind := l.Parser.kind()
	var errs config.Errors
	switch {
	case !known:
		return nil
	case name == agentTail:
		if len(l.Exclude) > 0 || kind != parserNone || l.Multiline != nil {
			errs.Addf("", "tail copies lines of named files; exclude, parser and multiline need another agent: %s", strings.Join(agentNames()[1:], ", "))
		}
		return errs
	}
	for i, p := range l.Exclude {
		if wrong := wrongFile(p, name); wrong != "" {
			errs.Addf(indexed("exclude", i), "%q %s", p, wrong)
		}
	}
	errs = append(errs, config.Each("parser", l.Parser.Name, config.Word(parserNames()...))...)
	errs = append(errs, config.Each("parser.regex", l.Parser.Regex, append([]config.Check{config.SingleLine, validRegex, namedRegex}, a.values...)...)...)
	if l.Parser.Name != "" && l.Parser.Regex != "" {
		errs.Addf("parser", "holds name and regex; keep one of them")
	}
	if len(errs) == 0 && kind != parserNone && !a.parsers[kind] {
		errs.Addf("parser", "%s has no parser for %s; leave it out, or use an agent that has: %s", name, kind, parsing(kind))
	}
	return append(errs, l.validateMultiline(a)...)
}

func (l Log) validateMultiline(a agent) config.Errors {
	if l.Multiline == nil {
		return nil
	}
	var errs config.Errors
	if l.Multiline.StartPattern == "" {
		errs.Addf("multiline.startPattern", `missing; give an expression that the first line of a record matches, such as '^\d{4}-'`)
	}
	if l.Parser.kind() == parserCRI {
		errs.Addf("multiline", "lines of cri are parts of what a container prints, with a time of their own; leave multiline out")
	}
	return append(errs, config.Each("multiline.startPattern", l.Multiline.StartPattern, append([]config.Check{config.SingleLine, validRegex}, a.values...)...)...)
}

// patterns are the letters that make a name a pattern.
const patterns = "*?["

// dirOf is the directory to share for a file: of a pattern, what stands in
// front of it.
func (l Log) dirOf(file string) string {
	if l.Dir != "" {
		return path.Clean(l.Dir)
	}
	if i := strings.IndexAny(file, patterns); i >= 0 {
		file = file[:i] + "x"
	}
	return path.Dir(file)
}

// wrongFile says what is wrong with the name of a log file, or a pattern of
// names.
func wrongFile(p, agent string) string {
	switch {
	case !path.IsAbs(p):
		return "is not absolute; write it as the app's container sees it"
	case config.SingleLine(p) != "":
		return config.SingleLine(p)
	case agent == agentTail && strings.ContainsAny(p, patterns):
		return "is a pattern, which tail does not follow; name each file, or give the app one file to write (patterns need an agent that watches directories, such as fluent-bit)"
	case path.Clean(p) != p:
		return "is not clean; write " + path.Clean(p)
	case strings.HasPrefix(p, "/dev/"), strings.HasPrefix(p, "/proc/"):
		return "is no log file: what goes there can be read without a sidecar"
	case agent == agentTail:
		return ""
	case agent == "fluent-bit" && strings.Contains(p, "**"):
		return "holds **, which fluent-bit does not know; name each depth, as in /var/log/app/*/*.log"
	}
	return cleanPath(p)
}

// wrongDir says what is wrong with a directory to share.
func wrongDir(dir string) string {
	switch {
	case !path.IsAbs(dir):
		return "is not absolute"
	case strings.ContainsAny(dir, ":"+patterns):
		return "holds a colon or a pattern, which no mount path may"
	case config.SystemDir(dir):
		return "would hide the image's own " + path.Clean(dir) + "; let the app log to a directory of its own"
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

package initcontainer

import (
	"path"
	"regexp"

	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// habit is what goes wrong when a shell script runs again.
type habit struct {
	form   func() *regexp.Regexp
	what   string
	advice string
}

// habits is the table.
func habits() []habit {
	return []habit{
		{appends, "appends to a file", "write the whole file under another name, and mv it"},
		{clones, "clones a repository into a directory that may hold it already", "rm -rf the directory in front, or use spec.fetch"},
		{mkdirs, "makes a directory that may be there already", "use mkdir -p"},
		{links, "makes a link that may be there already", "use ln -sfn"},
	}
}

var (
	appends = lazyre.New(`(?m)^[^#\n]*[^>]>>[^>&]`)
	clones  = lazyre.New(`(?m)^[^#\n]*\bgit clone\b`)
	mkdirs  = lazyre.New(`(?m)^[^#\n]*\bmkdir +[^-\s]`)
	links   = lazyre.New(`(?m)^[^#\n]*\bln -s +`)
)

// warn tells what in a shell script may go wrong when it runs again.
func (s *Script) warn(p *plan) {
	if shell := path.Base(s.interpreter()[0]); shell != "sh" && shell != "bash" {
		return
	}
	for _, h := range habits() {
		if h.form().MatchString(s.Text) {
			p.Findf(pod.Warning, pod.NotRepeatable, "the script %s; Kubernetes may run it again: %s", h.what, h.advice)
		}
	}
}

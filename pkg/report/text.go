package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// text writes a line for each result, in the order of files and lines:
//
//	deploy.yaml:12: warning SC011 Deployment/shop/web spec.template.spec: message
func (r Run) text(w io.Writer) error {
	results := slices.Clone(r.Report.Results)
	slices.SortStableFunc(results, func(a, b krm.Result) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.AtLine, b.AtLine))
	})
	for _, res := range results {
		if _, err := io.WriteString(w, r.line(res)+"\n"); err != nil {
			return err
		}
	}
	return nil
}

func (r Run) line(res krm.Result) string {
	var b strings.Builder
	switch {
	case res.Rule != "" && res.Source != "" && res.AtLine > 0:
		fmt.Fprintf(&b, "%s:%d: ", file(res), res.AtLine)
	case res.Where != "":
		b.WriteString(res.Where + ": ")
	}
	b.WriteString(r.painted(res.Severity) + " " + rule(res))
	if about := subject(res); about != "" {
		b.WriteString(" " + about)
	}
	b.WriteString(": " + res.Message)
	return strings.ReplaceAll(b.String(), "\n", "; ")
}

// painted is the severity, in its colour.
func (r Run) painted(s pod.Severity) string {
	if !r.Colour {
		return string(s)
	}
	code := map[pod.Severity]string{pod.Error: "31", pod.Warning: "33", pod.Info: "36"}[s]
	return "\x1b[" + code + "m" + string(s) + "\x1b[m"
}

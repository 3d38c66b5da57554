package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// logVariable names a log file, for hosts that swallow stderr, as Helm 4 does.
const logVariable = "KRM_SIDECARS_LOG"

// tell prints every result, and a closing count.
func (a *app) tell(name string, report krm.Report) {
	a.tellResults(report)
	a.say(report.Summary(name))
}

// tellResults prints every result as a line, errors first: hosts show the first
// lines of stderr only.
func (a *app) tellResults(report krm.Report) {
	order := []pod.Severity{pod.Error, pod.Warning, pod.Info}
	results := slices.Clone(report.Results)
	slices.SortStableFunc(results, func(x, y krm.Result) int {
		return cmp.Compare(slices.Index(order, x.Severity), slices.Index(order, y.Severity))
	})
	for _, r := range results {
		a.say(r.Line())
	}
}

// say prints a line to stderr and to the log file, if there is one.
func (a *app) say(line string) {
	fmt.Fprintln(a.err, line)
	file := cmp.Or(a.logFile, os.Getenv(logVariable))
	if file == "" {
		return
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		fmt.Fprintf(a.err, "%s: warning: writing the log file: %v\n", program, err)
		return
	}
	if _, err := fmt.Fprintln(f, line); errors.Join(err, f.Close()) != nil {
		fmt.Fprintf(a.err, "%s: warning: writing the log file %s failed\n", program, file)
	}
}

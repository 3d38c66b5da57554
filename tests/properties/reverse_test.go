package properties_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// converge: what an old config left gives way to a new one without a trace.
func converge(t *testing.T, src string) {
	t.Helper()
	if !clean(src) {
		return
	}
	for _, newer := range owners {
		for _, old := range owners {
			updates(t, src, old, newer)
		}
	}
}

// updates checks that a config leaves the same after another one as alone.
func updates(t *testing.T, src, old, newer string) {
	t.Helper()
	if _, report := fntest.Run(t, instances(t, newer), src); old == newer || gaveUp(report) {
		return
	}
	want, ok := run(t, src, newer)
	between, okOld := run(t, src, old)
	if !ok || !okOld {
		return
	}
	if got, report := fntest.Run(t, instances(t, newer), between); got != want {
		t.Errorf("an update differs from a fresh injection (-fresh +update):\n%s\n%s", cmp.Diff(want, got), lines(report))
	}
}

// gaveUp reports whether an object was left as it is because of a conflict.
func gaveUp(report krm.Report) bool {
	return slices.ContainsFunc(report.Objects, func(o krm.ObjectReport) bool { return o.Code == pod.SkippedConflict })
}

// reverse: removing gives the source back, also with what another owner added in
// between, and without disturbing that.
func reverse(t *testing.T, src string) {
	t.Helper()
	if !clean(src) {
		return
	}
	for _, config := range owners {
		if out, ok := run(t, src, config); ok {
			removes(t, out, src)
		}
	}
	for _, pair := range [][2]string{{config, apart}, {config, sharing}, {plain, sharing}} {
		if both, ok := run(t, src, pair[0], pair[1]); ok {
			removes(t, both, src)
			leaves(t, src, both, pair[0], pair[1])
			leaves(t, src, both, pair[1], pair[0])
		}
	}
}

// removes checks what is left when the injections of owners are taken away.
func removes(t *testing.T, src, want string, of ...krm.Origin) string {
	t.Helper()
	e, err := krm.NewRemover(of...)
	if err != nil {
		t.Fatal(err)
	}
	got, report := e.RunText("in.yaml", src)
	if got != want && len(of) == 0 || report.Failed() {
		t.Errorf("removing does not restore (-source +got):\n%s\n%s", cmp.Diff(want, got), lines(report))
	}
	return got
}

// leaves checks that removing one of two owners leaves what the other one makes
// alone: at once where it has the same record there, and after its next run
// where it shares something, or has other names.
func leaves(t *testing.T, src, both, gone, stays string) {
	t.Helper()
	want, ok := run(t, src, stays)
	if !ok {
		return
	}
	left := removes(t, both, "", krm.Origin{Owner: instances(t, gone)[0].Owner})
	if recordsOf(t, both, stays) != recordsOf(t, want, stays) {
		left, _ = run(t, left, stays)
	}
	if left != want {
		t.Errorf("removing %s does not leave what %s makes alone (-alone +left):\n%s",
			instances(t, gone)[0].Owner, instances(t, stays)[0].Owner, cmp.Diff(want, left))
	}
}

// recordsOf returns the records of an owner in a text.
func recordsOf(t *testing.T, text, config string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.Contains(line, instances(t, config)[0].Owner.Key()) {
			b.WriteString(line)
		}
	}
	return b.String()
}

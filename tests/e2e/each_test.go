//go:build e2e

package e2e

import (
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// each runs a test for every function, on contractList with the function's own
// example for a config.
func each(t *testing.T, test func(t *testing.T, name, list string)) {
	t.Helper()
	for _, f := range functions.All() {
		t.Run(f.Name, func(t *testing.T) {
			t.Helper()
			test(t, f.Name, configured(t, f))
		})
	}
}

// configured is contractList for another function.
func configured(t *testing.T, f krm.Function) string {
	t.Helper()
	list := contractList(t)
	config := "functionConfig:\n  " + strings.ReplaceAll(strings.TrimSpace(f.Example), "\n", "\n  ") + "\n"
	return strings.Replace(list, section(list, "functionConfig"), config, 1)
}

// worked runs a function on a list, which must do something to it.
func worked(t *testing.T, name, list string) string {
	t.Helper()
	got := newSandbox(t, "").OKPipe(list, name).Stdout
	if got == list {
		t.Fatal("the function does nothing")
	}
	return got
}

// withResultsOf gives a list the results of another: what a host sends again
// are the items alone.
func withResultsOf(other, list string) string {
	return strings.Replace(list, section(list, "results"), section(other, "results"), 1)
}

func TestS1_EveryFunctionKeepsTheShape(t *testing.T) {
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		got := worked(t, name, list)
		head, _, _ := strings.Cut(got, "items:")
		box.Equal(t, "first lines", "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n", head)
		box.Equal(t, "functionConfig", section(list, "functionConfig"), section(got, "functionConfig"))
		box.Equal(t, "last byte", "\n", got[len(got)-1:])
	})
}

func TestS3_EveryFunctionIsIdempotent(t *testing.T) {
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		once := worked(t, name, list)
		box.Equal(t, "second answer", once, worked(t, name, withResultsOf(list, once)))
	})
}

// TestS4_EveryFunctionIsDeterministic: a hundred runs on a list that is long
// enough to be worked on in parallel, on one processor, on all and on many.
func TestS4_EveryFunctionIsDeterministic(t *testing.T) {
	processors := []string{"1", strconv.Itoa(runtime.NumCPU()), "16"}
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		list = crowded(list)
		want := worked(t, name, list)
		s := newSandbox(t, "")
		env := s.Env
		for i := range 100 {
			s.Env = slices.Concat(env, []string{"GOMAXPROCS=" + processors[i%len(processors)]})
			if got := s.OKPipe(list, name).Stdout; got != want {
				box.Equal(t, "list at GOMAXPROCS="+processors[i%len(processors)], want, got)
				return
			}
		}
	})
}

// crowded gives a list its first item twenty times, under other names.
func crowded(list string) string {
	first := items(list)[0]
	var all strings.Builder
	for i := range 20 {
		all.WriteString(strings.ReplaceAll(first, "name: web\n", "name: web"+strconv.Itoa(i)+"\n"))
	}
	return strings.Replace(list, first, all.String(), 1)
}

// TestS6_EveryFunctionLeavesTheRest: items without what the function adds have
// their bytes, and no item is lost.
func TestS6_EveryFunctionLeavesTheRest(t *testing.T) {
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		got := items(worked(t, name, list))
		changed := 0
		for _, item := range items(list) {
			if !slices.Contains(got, item) {
				changed++
				box.Equal(t, "kind of what is changed", true, strings.Contains(item, "kind: Deployment") || strings.Contains(item, "kind: StatefulSet"))
			}
		}
		adds := strings.HasPrefix(name, "add-") || strings.HasPrefix(name, "inject-")
		box.Equal(t, "something is changed", adds, changed > 0)
		box.Equal(t, "no more is changed than there is to do", true, changed <= len(touched))
	})
}

// TestS7_EveryFunctionOnlyAdds lines to what it works on, where no map is written
// in one line.
func TestS7_EveryFunctionOnlyAdds(t *testing.T) {
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		list = strings.Replace(list, "        labels: {app: web}\n", "        labels:\n          app: web\n", 1)
		got := items(worked(t, name, list))
		for _, i := range touched {
			before := items(list)[i]
			mark, _, _ := strings.Cut(before, "\n")
			at := slices.IndexFunc(got, func(item string) bool { return strings.HasPrefix(item, mark+"\n") })
			if at < 0 {
				t.Fatalf("%s is gone", mark)
			}
			onlyAdded(t, mark, before, got[at])
		}
	})
}

// TestS10_EveryFunctionRefusesWhatItDoesNotKnow: a field, a version and a kind.
func TestS10_EveryFunctionRefusesWhatItDoesNotKnow(t *testing.T) {
	for from, to := range map[string][2]string{
		"\n  spec:\n": {"\n  spec:\n    nonsense: 1\n", "spec.nonsense"},
		"/v1alpha1\n": {"/v1alpha0\n", "apiVersion"},
		"\n  kind: ":  {"\n  kind: Un", "kind"},
	} {
		each(t, func(t *testing.T, name, list string) {
			t.Helper()
			config := section(list, "functionConfig")
			in := strings.Replace(list, config, strings.Replace(config, from, to[0], 1), 1)
			out := newSandbox(t, "").Pipe(in, name)
			box.Equal(t, "exit code", 1, out.Code)
			box.Equal(t, "items", section(in, "items"), section(out.Stdout, "items"))
			named := slices.ContainsFunc(ours(t, out.Stdout), func(r result) bool {
				return r.Severity == "error" && r.Field != nil && r.Field.Path == to[1]
			})
			box.Equal(t, "a result names "+to[1], true, named)
			box.Contains(t, "stderr", out.Stderr, name+": error ", " "+to[1]+": ")
		})
	}
}

// TestS13_EveryFunctionNeedsInput, also where it is called by its kind.
func TestS13_EveryFunctionNeedsInput(t *testing.T) {
	for _, empty := range []string{"", " \n\t\n", "\ufeff", "# nothing\n", "---\n"} {
		each(t, func(t *testing.T, name, _ string) {
			t.Helper()
			for _, program := range []string{name, "krm-sidecars"} {
				out := newSandbox(t, "").Pipe(empty, program)
				box.Equal(t, "exit code", 1, out.Code)
				box.Equal(t, "stdout", "", out.Stdout)
				box.Contains(t, "stderr", out.Stderr, program+": error: ", "expected a ResourceList")
			}
		})
	}
}

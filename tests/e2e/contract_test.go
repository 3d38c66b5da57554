//go:build e2e

package e2e

import (
	"context"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// contractList is a ResourceList with everything that hosts send along.
func contractList(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("testdata/contract-list/list.yaml")
	box.Check(t, err)
	return string(data)
}

// function pipes a ResourceList through the binary under its function's name.
func function(t *testing.T, list string) box.Output {
	t.Helper()
	return newSandbox(t, "").Pipe(list, "add-log-sidecar")
}

func functionOK(t *testing.T, list string) string {
	t.Helper()
	out := function(t, list)
	if out.Code != 0 {
		t.Fatalf("exit %d\n%s", out.Code, out.Stderr)
	}
	return out.Stdout
}

// injected is the answer to contractList, which two of the items make differ.
func injected(t *testing.T) string {
	t.Helper()
	got := functionOK(t, contractList(t))
	box.Equal(t, "sidecars", len(touched), count(got, "name: "+sidecar))
	return got
}

// section returns the lines of a top-level key of a ResourceList.
func section(list, key string) string {
	var found strings.Builder
	inside := false
	for line := range strings.Lines(list) {
		if !strings.ContainsAny(line[:1], " -#\n") {
			inside = strings.HasPrefix(line, key+":")
		}
		if inside {
			found.WriteString(line)
		}
	}
	return found.String()
}

// items cuts the items of a ResourceList apart.
func items(list string) []string {
	_, text, _ := strings.Cut(section(list, "items"), "\n")
	var found []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "- ") || len(found) == 0 {
			found = append(found, "")
		}
		found[len(found)-1] += line
	}
	return found
}

func TestS1_ShapeOfTheList(t *testing.T) {
	in, got := contractList(t), injected(t)
	box.Contains(t, "list", got, "apiVersion: config.kubernetes.io/v1\n", "kind: ResourceList\n")
	box.Equal(t, "functionConfig", section(in, "functionConfig"), section(got, "functionConfig"))
	if !strings.HasSuffix(got, "\n") {
		t.Error("no newline at the end")
	}
}

func TestS1_NoItems(t *testing.T) {
	in := strings.Replace(contractList(t), section(contractList(t), "items"), "items: []\n", 1)
	got := functionOK(t, in)
	box.Equal(t, "items", "items: []\n", section(got, "items"))
	box.Equal(t, "functionConfig", section(in, "functionConfig"), section(got, "functionConfig"))
}

func TestS2_ItemsKeepTheirOrder(t *testing.T) {
	in := contractList(t)
	order := func(list string) []string { return linesWith(list, "# item ") }
	got := injected(t)
	box.Equal(t, "marks", order(in), order(got))
	box.Equal(t, "number of items", len(items(in)), len(items(got)))
}

func TestS3_Idempotent(t *testing.T) {
	once := injected(t)
	twice := functionOK(t, once)
	box.Equal(t, "items", section(once, "items"), section(twice, "items"))
	box.Equal(t, "sidecars", 2, count(twice, "name: "+sidecar))
}

func TestS4_Deterministic(t *testing.T) {
	s := newSandbox(t, "")
	in, want := contractList(t), injected(t)
	for i := range 100 {
		s.Env = append(s.Env, "GOMAXPROCS="+string("124"[i%3]))
		if got := s.OKPipe(in, "add-log-sidecar").Stdout; got != want {
			box.Equal(t, "list", want, got)
			return
		}
	}
}

func TestS5_HostAnnotationsStay(t *testing.T) {
	in, got := contractList(t), injected(t)
	for _, key := range []string{"config.kubernetes.io/", "config.k8s.io/", "postrenderer.helm.sh/"} {
		box.Equal(t, key, linesWith(in, key), linesWith(got, key))
	}
}

// touched are the places, in items:, of the workloads in contract-list.
var touched = []int{0, 5}

func TestS6_UntouchedItemsKeepTheirBytes(t *testing.T) {
	before := items(contractList(t))
	after := items(injected(t))
	sameLength(t, before, after)
	for i, item := range before {
		if !slices.Contains(touched, i) {
			box.Equal(t, "item", item, after[i])
		}
	}
}

func TestS7_TouchedItemsOnlyGrow(t *testing.T) {
	before := items(contractList(t))
	after := items(injected(t))
	sameLength(t, before, after)
	for _, i := range touched {
		onlyAdded(t, "item", before[i], after[i])
		box.Equal(t, "sidecars", 1, count(after[i], "name: "+sidecar))
	}
}

// TestS8_NotForTheCluster: what is no workload passes, even without a kind.
func TestS8_NotForTheCluster(t *testing.T) {
	got := injected(t)
	box.Contains(t, "items", section(got, "items"),
		"- resources: [a.yaml] # item 2, a kustomization.yaml that says no kind\n",
		"- apiVersion: kpt.dev/v1 # item 3\n  kind: Kptfile\n")
	for _, item := range items(got) {
		if strings.Contains(item, `local-config: "true"`) {
			box.Equal(t, "local item", 0, count(item, "name: "+sidecar))
		}
	}
}

func TestS18_EarlierResultsStay(t *testing.T) {
	got := section(injected(t), "results")
	earlier := section(contractList(t), "results")
	box.Equal(t, "results", true, strings.HasPrefix(got, earlier))
}

// TestS19_AsNobody: no home, no temporary folder, nothing to write to. Only root
// can become nobody; anybody else is as good as that in these folders.
func TestS19_AsNobody(t *testing.T) {
	s := newSandbox(t, "")
	cmd := s.Command(context.Background(), "add-log-sidecar")
	cmd.Dir = "/"
	cmd.Env = []string{"TMPDIR=/nowhere", "HOME=/nowhere"}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	cmd.Stdin = strings.NewReader(contractList(t))
	got, err := cmd.Output()
	box.Check(t, err)
	box.Equal(t, "list", injected(t), string(got))
}

// TestP8_SixMiB: the largest list that Porch sends. How long it takes is told,
// and judged by the benchmarks: a busy machine must not fail a test.
func TestP8_SixMiB(t *testing.T) {
	s := newSandbox(t, "")
	web := items(contractList(t))[0]
	in := strings.Replace(contractList(t), web, strings.Repeat(web, 6<<20/len(web)), 1)
	start := time.Now()
	got := s.OKPipe(in, "add-log-sidecar").Stdout
	t.Logf("%d bytes took %v, want less than 2 s on an idle machine", len(in), time.Since(start))
	box.Equal(t, "sidecars", 6<<20/len(web)+1, count(got, "name: "+sidecar))
}

// TestS1_EveryWayToCallTheFunction: by name, by subcommand, by the config's kind.
func TestS1_EveryWayToCallTheFunction(t *testing.T) {
	s, in, want := newSandbox(t, ""), contractList(t), injected(t)
	box.Equal(t, "krm-sidecars", want, s.OKPipe(in, "krm-sidecars").Stdout)
	box.Equal(t, "krm-sidecars add-log-sidecar", want, s.OKPipe(in, "krm-sidecars", "add-log-sidecar").Stdout)
}

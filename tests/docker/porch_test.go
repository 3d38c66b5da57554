//go:build docker

package docker

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/GoogleContainerTools/kpt-functions-sdk/go/fn"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// wrapped runs an image in the way of Porch's function-runner: with its own
// program for an entrypoint, from a volume, which starts that of the image. It
// returns the milliseconds of a processor that the function took, too.
func wrapped(t *testing.T, image, input string) (box.Output, int) {
	t.Helper()
	bin := t.TempDir()
	build := newSandbox(t, "")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.OK("go", "build", "-C", filepath.Join(root, "tests/docker/wrapper"), "-o", filepath.Join(bin, "wrapper-server"), ".")
	for dir := bin; dir != filepath.Dir(os.TempDir()); dir = filepath.Dir(dir) {
		box.Check(t, os.Chmod(dir, 0o755))
	}
	entrypoint := functionImages(t, runtime.GOARCH)[image].Config.Entrypoint
	args := append([]string{"run", "--rm", "--interactive", "--network=none", "--user=54321", "--read-only", "--cap-drop=ALL",
		"--volume=" + bin + ":/wrapper-server-tools:ro", "--entrypoint=/wrapper-server-tools/wrapper-server", refs[image], "--"}, entrypoint...)
	out := newSandbox(t, "").Pipe(input, "docker", args...)
	said := strings.TrimRight(out.Stderr, "\n")
	last := strings.LastIndex(said, "\n") + 1
	took, err := strconv.Atoi(said[last:])
	box.Check(t, err)
	out.Stderr = said[:last]
	return out, took
}

// TestP8_Porch: Porch starts the entrypoint itself, as any user, and reads the
// answer with the SDK, that of a failure too.
func TestP8_Porch(t *testing.T) {
	for i, f := range list {
		t.Run(f.name, func(t *testing.T) {
			input := example(t, f)
			got, _ := wrapped(t, f.name, input)
			box.Equal(t, "answer", onHost(t, f, input), got)
			answer, err := fn.ParseResourceList([]byte(got.Stdout))
			box.Check(t, err)
			box.Equal(t, "failed", false, failed(answer))

			got, _ = wrapped(t, f.name, example(t, list[(i+1)%len(list)]))
			box.Equal(t, "exit code of a failure", 1, got.Code)
			answer, err = fn.ParseResourceList([]byte(got.Stdout))
			box.Check(t, err)
			box.Equal(t, "failed", true, failed(answer))
		})
	}
}

func failed(list *fn.ResourceList) bool {
	for _, r := range list.Results {
		if r.Severity == fn.Error {
			return true
		}
	}
	return false
}

// TestP8_SixMiB: Porch sends no more than 6 MiB, which take less than 2 seconds of
// one processor, whatever else the machine does.
func TestP8_SixMiB(t *testing.T) {
	f := list[0]
	head, tail, _ := strings.Cut(example(t, f), "- "+indent(workload))
	var b strings.Builder
	b.WriteString(head)
	for n := 0; b.Len()+len(tail) < 6<<20-2000; n++ {
		item := strings.ReplaceAll(workload, "name: web", "name: web-"+strconv.Itoa(n))
		b.WriteString("- " + indent(item) + "        env:\n")
		for i := range 20 {
			fmt.Fprintf(&b, "        - name: SETTING_%d\n          value: something-%d\n", i, n)
		}
	}
	b.WriteString(tail)
	best := 1 << 30
	for range 3 {
		got, took := wrapped(t, f.name, b.String())
		box.Equal(t, "exit code", 0, got.Code)
		best = min(best, took)
	}
	t.Logf("%d bytes took %d ms of a processor", b.Len(), best)
	if best >= 2000 {
		t.Errorf("%d bytes took %d ms", b.Len(), best)
	}
}

package together_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// order returns the names of the containers that run, the first to start first.
// The pod's status tells seconds only, the kernel hundredths.
func order(t *testing.T, pod *corev1.Pod) []string {
	t.Helper()
	var names []string
	since := map[string]int64{}
	for _, s := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if s.State.Running != nil {
			names = append(names, s.Name)
			since[s.Name] = began(t, strings.TrimPrefix(s.ContainerID, "containerd://"))
		}
	}
	slices.SortFunc(names, func(a, b string) int { return int(since[a] - since[b]) })
	return names
}

// began returns when the first process of a container began, in ticks since the
// machine did.
func began(t *testing.T, container string) int64 {
	t.Helper()
	groups, err := filepath.Glob("/proc/[0-9]*/cgroup")
	box.Check(t, err)
	first := int64(math.MaxInt64)
	for _, file := range groups {
		group, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(group, []byte(container)) {
			continue // it has ended, or is of another
		}
		ticks, err := startTime(filepath.Join(filepath.Dir(file), "stat"))
		box.Check(t, err)
		first = min(first, ticks)
	}
	if first == math.MaxInt64 {
		t.Fatalf("container %s has no process", container)
	}
	return first
}

// startTime reads the 22nd field, see proc(5). The second one is in parentheses,
// and may hold anything.
func startTime(stat string) (int64, error) {
	text, err := os.ReadFile(stat)
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 20 {
		return 0, errors.New(stat + " has too few fields")
	}
	return strconv.ParseInt(fields[19], 10, 64)
}

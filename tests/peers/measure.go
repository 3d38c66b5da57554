package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/krm-sidecars/krm-sidecars/tests/bench/load"
)

// outcome is what one tool took and left.
type outcome struct {
	peer  peer
	times []time.Duration
	peak  int64 // bytes
	lost  int   // lines of the input that are not in the output as they stood
}

// middle is the median time.
func (o outcome) middle() time.Duration {
	sorted := slices.Sorted(slices.Values(o.times))
	return sorted[len(sorted)/2]
}

// measure runs all tools in turns, as often as rounds says, on n Deployments.
func measure(dir string, all []peer, n, rounds int) ([]outcome, error) {
	outcomes := make([]outcome, len(all))
	for i, p := range all {
		outcomes[i].peer = p
		if err := prepare(filepath.Join(dir, fmt.Sprint(i)), p, n); err != nil {
			return nil, err
		}
	}
	for range rounds {
		for i := range outcomes {
			if err := outcomes[i].run(filepath.Join(dir, fmt.Sprint(i)), n); err != nil {
				return nil, err
			}
		}
	}
	for i := range outcomes {
		lost, err := lostLines(filepath.Join(dir, fmt.Sprint(i)))
		if err != nil {
			return nil, err
		}
		outcomes[i].lost = lost
	}
	return outcomes, nil
}

func prepare(dir string, p peer, n int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	files := map[string]string{"app.yaml": load.Deployments(n)}
	for name, text := range p.files {
		files[name] = text
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// run measures one process, and makes sure that it did its work.
func (o *outcome) run(dir string, n int) error {
	out, err := os.Create(filepath.Join(dir, "out.yaml"))
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := exec.Command(o.peer.args[0], o.peer.args[1:]...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, &stderr
	cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(o.peer.args[0])+":"+os.Getenv("PATH"))
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running %s: %w: %s", o.peer.name, err, stderr.String())
	}
	o.times = append(o.times, time.Since(start))
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		o.peak = max(o.peak, usage.Maxrss*1024)
	}
	text, err := os.ReadFile(out.Name())
	if got := strings.Count(string(text), "name: log-sidecar\n"); err == nil && o.peer.adds && got != n {
		return fmt.Errorf("running %s: the output holds %d sidecars, not %d", o.peer.name, got, n)
	}
	return err
}

// lostLines counts the lines of the input that a diff to the output takes away:
// those that were dropped, moved or written in another way. Nobody asked for that.
func lostLines(dir string) (int, error) {
	out, err := exec.Command("git", "-C", dir, "diff", "--no-index", "--minimal", "--numstat", "app.yaml", "out.yaml").Output()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		return 0, fmt.Errorf("comparing in %s: %w", dir, err)
	}
	var added, lost int
	if len(out) == 0 {
		return 0, nil
	}
	if _, err := fmt.Sscan(string(out), &added, &lost); err != nil {
		return 0, fmt.Errorf("comparing in %s: %w: %s", dir, err, out)
	}
	return lost, nil
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
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
	cpu   []time.Duration
	peak  int64 // bytes
	lost  int   // lines of the input that are not in the output as they stood
}

// middle is the median.
func middle(times []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(times))[len(times)/2]
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
	maps.Copy(files, p.files)
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
	o.cpu = append(o.cpu, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		o.peak = max(o.peak, usage.Maxrss*1024)
	}
	return o.peer.check(out.Name(), n)
}

// check makes sure that the work was done.
func (p peer) check(file string, n int) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for _, mark := range p.marks {
		if got := strings.Count(string(text), mark); got != n {
			return fmt.Errorf("running %s: the output holds %q %d times, not %d", p.name, mark, got, n)
		}
	}
	return nil
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

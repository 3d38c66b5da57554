package kube

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// How long things may take; far more than they need.
const (
	startLimit = 90 * time.Second
	pause      = 100 * time.Millisecond
	lastLines  = 20
)

// process is a part of the cluster that runs until the tests end.
type process struct {
	name, log string
	ended     chan struct{}
}

// launch starts a program; it writes to a file of the state.
func launch(state, path string, args ...string) (*process, error) {
	p := &process{name: filepath.Base(path), ended: make(chan struct{})}
	p.log = filepath.Join(state, p.name+".log")
	log, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = state, log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", p.name, err)
	}
	go func() {
		_ = cmd.Wait() // that it ended at all is the failure
		close(p.ended)
	}()
	return p, nil
}

// ready waits until a check of a process succeeds, or the process ends.
func (p *process) ready(ctx context.Context, check func() error) error {
	for {
		err := check()
		if err == nil {
			return nil
		}
		select {
		case <-p.ended:
			return fmt.Errorf("%s ended; the end of its log:\n%s", p.name, tail(p.log))
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w; the end of its log:\n%s", p.name, err, tail(p.log))
		case <-time.After(pause):
		}
	}
}

// tail returns the last lines of a file, for messages.
func tail(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	lines := strings.SplitAfter(string(text), "\n")
	return strings.Join(lines[max(0, len(lines)-lastLines):], "")
}

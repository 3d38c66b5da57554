//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// withOpenStdin runs a command whose stdin never ends and says nothing: one that
// reads it never comes back.
func (s *sandbox) withOpenStdin(name string, args ...string) string {
	s.T.Helper()
	read, write, err := os.Pipe()
	box.Check(s.T, err)
	defer func() { box.Check(s.T, write.Close()) }()
	defer func() { box.Check(s.T, read.Close()) }()
	ctx, cancel := context.WithTimeout(s.T.Context(), 10*time.Second)
	defer cancel()
	cmd := s.Command(ctx, name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = read, &stdout, &stderr, time.Second
	if err := cmd.Run(); err != nil {
		s.T.Fatalf("%s %q: %v\n%s", name, args, err, stderr.String())
	}
	box.Equal(s.T, "stderr", "", stderr.String())
	return stdout.String()
}

// TestS16_EveryFunctionTellsWhatItIs, by its own name and as a command.
func TestS16_EveryFunctionTellsWhatItIs(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Name, func(t *testing.T) {
			s := newSandbox(t, "")
			for _, command := range [][]string{{f.Name}, {"krm-sidecars", f.Name}} {
				name, args := command[0], command[1:]
				help := s.withOpenStdin(name, append(args, "--help")...)
				box.Contains(t, "help", help, f.Short, f.Kind)

				var doc struct{ Name, Kind, Description, Documentation string }
				box.Check(t, json.Unmarshal([]byte(s.withOpenStdin(name, append(args, "--doc")...)), &doc))
				box.Equal(t, "name and kind", []string{f.Name, f.Kind}, []string{doc.Name, doc.Kind})
				box.Contains(t, "description", doc.Description, strings.TrimSuffix(f.Short, "."))
			}
			box.Equal(t, "version", s.withOpenStdin("krm-sidecars", "--version"), s.withOpenStdin(f.Name, "--version"))
		})
	}
}

// TestS16_ManualReadsNothing: the program itself and its manual.
func TestS16_ManualReadsNothing(t *testing.T) {
	s := newSandbox(t, "")
	for _, line := range []string{"--help", "--version", "version", "list", "help post-render", "help inject", "doc add-log-sidecar"} {
		if s.withOpenStdin("krm-sidecars", strings.Fields(line)...) == "" {
			t.Errorf("krm-sidecars %s says nothing", line)
		}
	}
	for _, f := range functions.All() {
		box.Contains(t, "list", s.withOpenStdin("krm-sidecars", "list"), f.Name, f.Kind)
	}
}

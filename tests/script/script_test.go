// Package script holds tests of the command line, each a script that shows one
// behaviour.
package script

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/cli"
)

var update = flag.Bool("update", false, "write what commands print into the scripts")

func TestMain(m *testing.M) {
	programs := map[string]func(){"krm-sidecars": run, "add-logs": run, "exits": exits}
	for _, f := range functions.All() {
		programs[f.Name] = run
	}
	testscript.Main(m, programs)
}

// run is the product under the name that it was called by.
func run() {
	os.Exit(cli.Main(context.Background(), functions.All(), os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// exits runs a command and checks its exit code: exits CODE COMMAND ARG...
func exits() {
	cmd := exec.Command(os.Args[2], os.Args[3:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if got := strconv.Itoa(cmd.ProcessState.ExitCode()); got != os.Args[1] {
		fmt.Fprintf(os.Stderr, "exit code %s, want %s\n", got, os.Args[1])
		os.Exit(1)
	}
}

func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 ".",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Condition:           condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"trim-newline": rewrite(func(text string) string { return strings.TrimSuffix(text, "\n") }),
			"unix2dos":     rewrite(func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }),
			"add-bom":      rewrite(func(text string) string { return "\ufeff" + text }),
			"hide-records": rewrite(func(text string) string { return record.ReplaceAllString(text, "$1 RECORD") }),
			"mode":         mode,
		},
	})
}

var record = regexp.MustCompile(`(krm-sidecars\.dev/[-a-z]+\.[-\w]+:) '.*'`)

// condition knows root, who may write everywhere.
func condition(name string) (bool, error) {
	if name != "root" {
		return false, fmt.Errorf("there is no condition %q", name)
	}
	return os.Geteuid() == 0, nil
}

// rewrite makes a command that changes the text of files.
func rewrite(change func(string) string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) == 0 {
			ts.Fatalf("usage: FILE...")
		}
		for _, name := range args {
			text := change(ts.ReadFile(name))
			ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o644))
		}
	}
}

// mode checks the permissions of a file: mode 0640 FILE.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%#o", info.Mode().Perm()); (got == args[0]) == neg {
		ts.Fatalf("mode of %s is %s", args[1], got)
	}
}

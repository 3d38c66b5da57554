package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// Exit codes.
const (
	exitDone   = 0 // warnings too
	exitFailed = 1
	exitUsage  = 2
)

// program is the name that the command line goes by.
const program = "krm-sidecars"

// app is one call of the command line.
type app struct {
	functions []krm.Function
	in        io.Reader
	out, err  io.Writer
	logFile   string
	size      int        // bytes of input so far
	failure   krm.Report // of configs that are wrong
}

// errFailed says that a run failed and that its results have been told.
var errFailed = errors.New("failed")

// Main runs the command line and returns its exit code. args[0] is the name of
// the program: that of a function makes it that function.
func Main(ctx context.Context, functions []krm.Function, args []string, in io.Reader, out, errOut io.Writer) (code int) {
	a := &app{functions: functions, in: in, out: out, err: errOut}
	defer func() {
		if r := recover(); r != nil {
			a.say(program + ": error: " + krm.Bug(r))
			code = exitFailed
		}
	}()
	name := strings.TrimSuffix(filepath.Base(args[0]), ".exe")
	root := a.root(args[1:])
	switch f, ok := krm.Find(functions, name); {
	case ok && name == f.Name:
		root = a.function(f)
	case krm.IsFunctionName(name):
		a.say(name + ": " + krm.Unknown(functions, name) + "; call it by one of these names, or krm-sidecars")
		return exitUsage
	default:
		name = program
	}
	root.SetArgs(args[1:])
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFailed):
		return exitFailed
	case isRunError(err):
		for line := range strings.SplitSeq(err.Error(), "\n") {
			a.say(name + ": error: " + line)
		}
		return exitFailed
	}
	a.say(name + ": " + usage(err, cmd))
	return exitUsage
}

// usage says how a command is called.
func usage(err error, cmd *cobra.Command) string {
	see := "; see "
	if strings.HasSuffix(err.Error(), "?") {
		see = " See "
	}
	return err.Error() + see + cmd.CommandPath() + " --help"
}

// runError is a failure of the work, in contrast to one of usage.
type runError struct{ error }

func (e runError) Unwrap() error { return e.error }

func isRunError(err error) bool {
	var r runError
	return errors.As(err, &r)
}

// root is the program. Of its commands it makes the one that args name, or all:
// making them takes as long as a small run.
func (a *app) root(args []string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   program,
		Short: "Add sidecars to Kubernetes manifests, offline",
		Long: `krm-sidecars adds sidecars, init containers and exporters to Kubernetes
manifests. It changes the lines that it must and no others, does nothing when
run twice, and takes everything away again.

Without a command it is a KRM function: it reads a ResourceList on stdin, runs
the function that the functionConfig asks for, and writes a ResourceList.`,
		Args:          noCommand,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	cmd.SetFlagErrorFunc(func(at *cobra.Command, err error) error {
		if at == cmd {
			return fmt.Errorf("%w before any command; begin with inject, post-render, remove or verify", err)
		}
		return err
	})
	a.runs(cmd, func() error { return a.runFunction(cmd, "") })
	makers := map[string]func() *cobra.Command{
		"post-render": a.postRender, "inject": a.inject, "remove": a.remove, "verify": a.verify, "lint": a.lint,
		"list": a.list, "doc": a.doc, "schema": a.schema, "example": a.example, "version": a.versionCommand, "catalog": a.catalog,
	}
	for _, f := range a.functions {
		makers[f.Name] = func() *cobra.Command { return a.function(f) }
	}
	if len(args) > 0 && makers[args[0]] != nil {
		cmd.CompletionOptions.DisableDefaultCmd = true
		cmd.AddCommand(makers[args[0]]())
		return cmd
	}
	for _, name := range slices.Sorted(maps.Keys(makers)) {
		cmd.AddCommand(makers[name]())
	}
	return cmd
}

// noCommand refuses words that are no command.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	message := fmt.Sprintf("there is no command %q", args[0])
	if strings.Contains(args[0], " ") {
		return errors.New(message + ": it is one argument; give each word by itself, with Helm each by a --post-renderer-args of its own")
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	if near := config.Nearest(args[0], names); near != "" {
		message += "; did you mean " + near + "?"
	}
	return errors.New(message)
}

// noArguments refuses arguments.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no arguments, got %q", cmd.Name(), args[0])
}

// function is the command of one KRM function.
func (a *app) function(f krm.Function) *cobra.Command {
	var doc bool
	cmd := &cobra.Command{
		Use:           f.Name,
		Short:         f.Short,
		Args:          noArguments,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	a.runs(cmd, func() error {
		if doc {
			return a.printDoc(f)
		}
		return a.runFunction(cmd, f.Name)
	})
	help := cmd.HelpFunc()
	cmd.SetHelpFunc(func(cmd *cobra.Command, args []string) { // the manual is long, and a run does not need it
		cmd.Long = f.Short + "\n\nIt reads a ResourceList on stdin and writes one to stdout.\n\n" + manual(f.Readme)
		help(cmd, args)
	})
	cmd.Flags().BoolVar(&doc, "doc", false, "print the function's documentation as JSON")
	return cmd
}

// runs gives a command something to run, and --version. The version is looked up
// when it is asked for: that takes longer than most runs.
func (a *app) runs(cmd *cobra.Command, run func() error) {
	var wanted bool
	cmd.Flags().BoolVarP(&wanted, "version", "v", false, "print the version")
	cmd.RunE = func(*cobra.Command, []string) error {
		if wanted {
			return a.write(version() + "\n")
		}
		return run()
	}
}

func (a *app) runFunction(cmd *cobra.Command, name string) error {
	if isTerminal(a.in) {
		return cmd.Help()
	}
	src, err := a.readStdin()
	if err != nil {
		return runError{err}
	}
	text, report, err := krm.RunList(a.functions, name, src)
	if err != nil {
		return runError{err}
	}
	return a.finish(report.Function, report, func() error { return a.write(text) })
}

// finish tells the results, writes what there is to write, and fails if an
// error is among the results. The text goes out in both cases.
func (a *app) finish(name string, report krm.Report, write func() error) error {
	if err := write(); err != nil {
		return runError{err}
	}
	a.tell(name, report)
	if report.Failed() {
		return errFailed
	}
	return nil
}

func (a *app) write(text string) error {
	_, err := io.WriteString(a.out, text)
	return err
}

// isTerminal reports whether somebody types at, or looks at, a stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

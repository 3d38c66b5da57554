package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// noManifests is what an empty stream becomes: hosts do not take an empty
// answer, or take it for an order to delete everything.
const noManifests = "# no manifests\n"

// configFlags are the flags of the commands that run functions.
type configFlags struct {
	files     names
	namespace string
}

// names is a flag that may be repeated.
type names []string

func (n *names) String() string { return strings.Join(*n, ",") }

// Set adds a name.
func (n *names) Set(name string) error {
	*n = append(*n, name)
	return nil
}

// Type names the flag's type in the help.
func (n *names) Type() string { return "file" }

func (c *configFlags) add(cmd *cobra.Command) {
	cmd.Flags().VarP(&c.files, "config", "c", "`file` with functionConfigs; may be repeated, in any order")
	cmd.Flags().StringVar(&c.namespace, "default-namespace", "", "namespace of objects that name none, for target.namespaces")
}

// instances reads all configs. Everything that is wrong in any of them is in
// the error.
func (a *app) instances(files []string) ([]*krm.Instance, error) {
	var all []*krm.Instance
	var errs []error
	for _, file := range files {
		src, err := readFile(file)
		if err != nil {
			errs = append(errs, runError{fmt.Errorf("reading config %s: %w%s", file, err, remedy(err))})
			continue
		}
		read, err := krm.ReadConfigs(a.functions, file, src)
		all = append(all, read...)
		errs = append(errs, err)
	}
	return all, errors.Join(errs...)
}

// remedy is what to do about a config that cannot be read; "" when it is not clear.
func remedy(err error) string {
	for _, r := range []struct {
		cause error
		what  string
	}{
		{fs.ErrNotExist, "; paths are relative to the working directory of the command"},
		{fs.ErrPermission, "; make it readable for the user that runs the command"},
		{syscall.EISDIR, "; name the files in it, -c may be repeated"},
	} {
		if errors.Is(err, r.cause) {
			return r.what
		}
	}
	return ""
}

var errNoConfig = errors.New("no config: give at least one with -c FILE; krm-sidecars example FUNCTION prints one")

// engine makes the engine that the flags ask for. Configs that are wrong have
// been told when it fails.
func (a *app) engine(c configFlags) (*krm.Engine, error) {
	if len(c.files) == 0 {
		return nil, errNoConfig
	}
	instances, err := a.instances(c.files)
	if err != nil {
		return nil, a.badConfig(err)
	}
	e, err := krm.NewEngine(instances, c.namespace)
	if err != nil {
		return nil, runError{err}
	}
	return e, nil
}

// badConfig tells what is wrong with the configs.
func (a *app) badConfig(err error) error {
	a.failure = krm.Failure(err)
	for _, r := range a.failure.Results {
		a.say(r.Line())
	}
	return errFailed
}

func (a *app) postRender() *cobra.Command {
	var flags configFlags
	cmd := &cobra.Command{
		Use:   "post-render -c FILE",
		Short: "Run functions over a YAML stream, as a Helm post-renderer",
		Example: `  helm template web ./chart --post-renderer krm-sidecars \
    --post-renderer-args post-render --post-renderer-args -c --post-renderer-args logs.yaml`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("post-render reads stdin and takes no files (%s); for files use inject", args[0])
			}
			return nil
		},
		RunE: func(_ *cobra.Command, _ []string) error {
			e, err := a.engine(flags)
			if err != nil {
				return err
			}
			return a.runStream(e)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&a.logFile, "log-file", "", "append messages to this file too (default $"+logVariable+"); Helm 4 does not show them")
	return cmd
}

func (a *app) runStream(e *krm.Engine) error {
	src, err := a.readStdin()
	if err != nil {
		return runError{err}
	}
	if strings.TrimSpace(src) == "" {
		src = noManifests
	}
	return a.stream(e, "", src)
}

// stream runs the engine over one text and prints what comes of it.
func (a *app) stream(e *krm.Engine, name, src string) error {
	s, report := e.RunStream(name, src)
	if !report.Failed() {
		report.Add(e.Unmatched())
	}
	return a.finish(program, report, func() error {
		if report.Failed() {
			return nil
		}
		return a.writeStream(s)
	})
}

// writeStream prints a stream by parts: its text may be large.
func (a *app) writeStream(s interface{ Write(to io.Writer) error }) error {
	out := &counter{w: a.out}
	parts := bufio.NewWriterSize(out, 1<<16)
	if err := errors.Join(s.Write(parts), parts.Flush()); err != nil || out.written > 0 {
		return err
	}
	return a.write(noManifests)
}

// counter counts the bytes that are written.
type counter struct {
	w       io.Writer
	written int
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.written += n
	return n, err
}

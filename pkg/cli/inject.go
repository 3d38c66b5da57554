package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// outputFlags say what becomes of the result.
type outputFlags struct {
	outputFlag
	write bool
	diff  bool
}

// outputFlag is the form of the report.
type outputFlag struct{ form string }

// The forms of a report.
const (
	outputText = "text"
	outputJSON = "json"
)

func (o *outputFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVarP(&o.write, "write", "w", false, "change the files in place, all or none of them")
	cmd.Flags().BoolVarP(&o.diff, "diff", "d", false, "print what would change, or changes")
	o.outputFlag.add(cmd)
}

func (o *outputFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&o.form, "output", "o", outputText, "text, or json for a report on stdout")
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{outputText, outputJSON}, cobra.ShellCompDirectiveNoFileComp)) // fails for unknown flags only
}

func (o outputFlag) validate() error {
	if o.form != outputText && o.form != outputJSON {
		return fmt.Errorf("--output %q is none of %s, %s", o.form, outputText, outputJSON)
	}
	return nil
}

func (a *app) inject() *cobra.Command {
	var flags configFlags
	var out outputFlags
	var form emitFlag
	cmd := &cobra.Command{
		Use:   "inject -c FILE [PATH]...",
		Short: "Run functions on files, folders or stdin",
		Long: `inject runs functions on manifests. Without --write, --diff or --output json it
prints the new manifests. A folder means its .yaml, .yml and .json files, but for
the files given with -c.

With --emit it prints what it does as kustomize patches, for hosts that run no
functions: patches is a kustomize Component, flux a patch of a HelmRelease, and
objects are the objects that functions generate, which no patch can add.`,
		Example: `  krm-sidecars inject -c logs.yaml --diff deploy/
  krm-sidecars inject -c logs.yaml --write deploy/
  krm-sidecars inject -c logs.yaml --emit patches deploy/ > sidecars/kustomization.yaml`,
		RunE: func(_ *cobra.Command, paths []string) error {
			if err := errors.Join(out.validate(), form.validate(out)); err != nil {
				return err
			}
			e, err := a.engine(flags)
			if form != "" {
				return a.emitPatches(e, err, paths, flags, form)
			}
			return a.runFiles(e, err, paths, flags, out)
		},
	}
	flags.add(cmd)
	out.add(cmd)
	form.add(cmd)
	return cmd
}

// runFiles runs an engine, if there is one, over files. With an error in any of
// them, none is written.
func (a *app) runFiles(e *krm.Engine, err error, paths []string, flags configFlags, out outputFlags) error {
	if err = a.reported(err, out.outputFlag); err != nil {
		return err
	}
	inputs, err := a.inputs(paths, flags)
	if err != nil {
		return err
	}
	if out.write && slices.ContainsFunc(inputs, func(in *input) bool { return in.name == stdin }) {
		return errors.New("--write needs files, not stdin")
	}
	if out.write || out.diff {
		e.InPlace()
	}
	if len(inputs) == 1 && !out.write && !out.diff && out.form != outputJSON {
		return a.stream(e, inputs[0].name, inputs[0].src)
	}
	report := a.runAll(e, inputs)
	return a.finish(program, report, func() error { return a.deliver(inputs, report, out) })
}

// reported prints what is wrong with the configs as a report too, where one is
// wanted.
func (a *app) reported(err error, out outputFlag) error {
	if errors.Is(err, errFailed) && out.form == outputJSON {
		return errors.Join(err, a.printReport(a.failure))
	}
	return err
}

// inputs reads what a command is to work on.
func (a *app) inputs(paths []string, flags configFlags) ([]*input, error) {
	if len(paths) == 0 && isTerminal(a.in) {
		return nil, errors.New("no input: name files or folders, or - for stdin")
	}
	inputs, err := a.read(paths, flags.files)
	if err != nil {
		return nil, runError{err}
	}
	return inputs, nil
}

func texts(inputs []*input) []krm.Text {
	all := make([]krm.Text, len(inputs))
	for i, in := range inputs {
		all[i] = krm.Text{Name: in.name, Source: in.src}
	}
	return all
}

// runAll runs the engine over all inputs.
func (a *app) runAll(e *krm.Engine, inputs []*input) krm.Report {
	out, report := e.RunTexts(texts(inputs)...)
	for i, text := range out {
		inputs[i].out = text
	}
	if !report.Failed() {
		report.Add(e.Unmatched())
	}
	return report
}

// deliver prints or writes the result.
func (a *app) deliver(inputs []*input, report krm.Report, out outputFlags) error {
	if out.form == outputJSON {
		if err := a.printReport(report); err != nil {
			return err
		}
	}
	if report.Failed() {
		return nil
	}
	if out.diff {
		if err := a.printDiff(inputs); err != nil {
			return err
		}
	}
	if out.write {
		return writeAll(inputs)
	}
	if out.diff || out.form == outputJSON {
		return nil
	}
	return a.write(joined(inputs))
}

// joined makes one stream of all inputs.
func joined(inputs []*input) string {
	var b strings.Builder
	for i, in := range inputs {
		if i > 0 {
			if text := b.String(); text != "" && !strings.HasSuffix(text, "\n") {
				b.WriteByte('\n')
			}
			if !strings.HasPrefix(in.out, "---") {
				b.WriteString("---\n")
			}
		}
		b.WriteString(in.out)
	}
	return cmp.Or(b.String(), noManifests)
}

// writeAll writes the files that have changed.
func writeAll(inputs []*input) error {
	texts := map[string]string{}
	for _, in := range inputs {
		if in.out != in.src {
			texts[in.name] = in.out
		}
	}
	return replaceAll(texts)
}

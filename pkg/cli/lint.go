package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/report"
)

// lintFlags are the flags of lint.
type lintFlags struct {
	configFlags
	krm.Judgement
	form        string
	write, diff bool
	list        bool
}

func (a *app) lint() *cobra.Command {
	var flags lintFlags
	cmd := &cobra.Command{
		Use:   "lint [-c FILE] [PATH]...",
		Short: "Tell what is wrong with sidecars and init containers, whoever wrote them",
		Long: `lint holds rules against the pod templates in manifests and prints what it finds,
and changes nothing. A folder means its .yaml, .yml and .json files, but for the
files given with -c, which hold LintSidecars configs; without a path it reads
stdin. It fails at errors, or from the severity on that --fail-on names. Templates
have to be rendered first: helm template ./chart | krm-sidecars lint

With --fix it corrects what has one certain correction: --diff prints that, --write
changes the files. The findings are then those that are left.`,
		Example: `  krm-sidecars lint deploy/
  krm-sidecars lint --fail-on warning --rules SC011=off,SC015=error deploy/
  krm-sidecars lint --output sarif deploy/ > lint.sarif
  krm-sidecars lint --fix --write deploy/
  krm-sidecars lint --list-rules`,
		RunE: func(_ *cobra.Command, paths []string) error {
			if err := flags.validate(); err != nil {
				return err
			}
			if flags.list {
				return a.listRules(flags.form)
			}
			return a.runLint(flags, paths)
		},
	}
	flags.add(cmd)
	return cmd
}

func (f *lintFlags) add(cmd *cobra.Command) {
	f.configFlags.add(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&f.form, "output", "o", report.Text, "how to print the findings: "+strings.Join(report.Forms(), ", "))
	flags.StringVar(&f.FailOn, "fail-on", "", "fail from this severity on: error, warning, info, or never (default error, or what the config says)")
	flags.StringToStringVar(&f.Rules, "rules", nil, "other severities of rules, or off, such as SC011=off,SC015=error")
	flags.BoolVar(&f.Fix, "fix", false, "correct what has one certain correction; with --write or --diff")
	flags.BoolVarP(&f.write, "write", "w", false, "change the files in place, with --fix")
	flags.BoolVarP(&f.diff, "diff", "d", false, "print what --fix would change, or changes")
	flags.BoolVar(&f.list, "list-rules", false, "list the rules, and do nothing else")
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(report.Forms(), cobra.ShellCompDirectiveNoFileComp))                                 // fails for unknown flags only
	_ = cmd.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions([]string{"error", "warning", "info", "never"}, cobra.ShellCompDirectiveNoFileComp)) // fails for unknown flags only
}

func (f *lintFlags) validate() error {
	switch {
	case !slices.Contains(report.Forms(), f.form):
		return fmt.Errorf("--output %q is none of %s", f.form, strings.Join(report.Forms(), ", "))
	case f.list && f.form != report.Text && f.form != report.JSON:
		return fmt.Errorf("--list-rules prints %s or %s, not %s", report.Text, report.JSON, f.form)
	case f.Fix && !f.write && !f.diff:
		return errors.New("--fix needs --write, to change the files, or --diff, to see what would change")
	case !f.Fix && (f.write || f.diff):
		return errors.New("--write and --diff go with --fix: without it, lint changes nothing")
	case f.diff && f.form != report.Text:
		return fmt.Errorf("--diff prints a diff; it does not go with --output %s", f.form)
	}
	return nil
}

// linter is the function that judges, and its rules.
func (a *app) linter() (krm.Function, []krm.Rule, error) {
	for _, f := range a.functions {
		if judge, ok := f.New().(krm.Judge); ok {
			return f, judge.Known(), nil
		}
	}
	return krm.Function{}, nil, errors.New("this program holds no function that judges")
}

// judges are the configs in files, or one with all defaults, as the command line
// wants them.
func (a *app) judges(files []string, to krm.Judgement) ([]*krm.Instance, error) {
	instances, err := a.judgesIn(files)
	if err != nil {
		return nil, err
	}
	for _, in := range instances {
		judge, ok := in.Judge()
		if !ok {
			return nil, fmt.Errorf("%s is a config of %s; lint takes those of functions that judge, for others there is inject", in.Source, in.Function.Name)
		}
		if errs := judge.Adjust(to); len(errs) > 0 {
			return nil, fmt.Errorf("%s", strings.NewReplacer("spec.failOn", "--fail-on", "spec.rules.", "--rules ").Replace(errs[0].Error()))
		}
	}
	return instances, nil
}

func (a *app) judgesIn(files []string) ([]*krm.Instance, error) {
	if len(files) > 0 {
		instances, err := a.instances(files)
		if err != nil {
			return nil, a.badConfig(err)
		}
		return instances, nil
	}
	f, _, err := a.linter()
	if err != nil {
		return nil, err
	}
	in, err := krm.NewInstance(a.functions, f, nil)
	if err != nil {
		return nil, a.badConfig(err)
	}
	return []*krm.Instance{in}, nil
}

// judge runs the configs over texts.
func (a *app) judge(flags lintFlags, to krm.Judgement, in []krm.Text) ([]string, krm.Report, error) {
	instances, err := a.judges(flags.files, to)
	if err != nil {
		return nil, krm.Report{}, err
	}
	e, err := krm.NewEngine(instances, flags.namespace)
	if err != nil {
		return nil, krm.Report{}, runError{err}
	}
	out, found := e.RunTexts(in...)
	if out != nil && len(flags.files) > 0 {
		found.Add(e.Unmatched())
	}
	return out, found, nil
}

// runLint judges files. What is to be corrected is corrected first, whatever else
// is wrong, and what is left is told.
func (a *app) runLint(flags lintFlags, paths []string) error {
	if _, err := a.judges(flags.files, flags.Judgement); err != nil {
		return err
	}
	inputs, err := a.inputs(paths, flags.configFlags)
	if err != nil {
		return err
	}
	if flags.write && slices.ContainsFunc(inputs, func(in *input) bool { return in.name == stdin }) {
		return errors.New("--write needs files, not stdin")
	}
	if flags.Fix {
		if err := a.correct(flags, inputs); err != nil {
			return err
		}
	}
	to := flags.Judgement
	to.Fix = false
	_, found, err := a.judge(flags, to, texts(inputs))
	if err != nil {
		return err
	}
	return a.conclude(flags, found)
}

// correct makes the corrections, and takes the new texts for the inputs.
func (a *app) correct(flags lintFlags, inputs []*input) error {
	to := krm.Judgement{FailOn: "never", Rules: flags.Rules, Fix: true}
	out, found, err := a.judge(flags, to, texts(inputs))
	if err != nil || out == nil { // what cannot be read is told by the run that follows
		return err
	}
	for i, text := range out {
		inputs[i].out = text
	}
	for _, r := range found.Results {
		if r.Code == pod.Repaired {
			a.say(r.Line())
		}
	}
	if flags.diff {
		err = a.printDiff(inputs)
	}
	if flags.write {
		err = errors.Join(err, writeAll(inputs))
	}
	for _, in := range inputs {
		in.src = in.out
	}
	if err != nil {
		return runError{err}
	}
	return nil
}

// conclude prints the findings: on stdout, unless a diff is there.
func (a *app) conclude(flags lintFlags, found krm.Report) error {
	_, rules, err := a.linter()
	if err != nil {
		return err
	}
	out := a.out
	if flags.diff {
		out = a.err
	}
	dir, err := os.Getwd()
	if err != nil {
		return runError{err}
	}
	run := report.Run{Program: program, Version: version(), Report: found, Rules: rules, Dir: dir,
		Colour: isTerminal(out) && os.Getenv("NO_COLOR") == ""}
	if err := run.Write(out, flags.form); err != nil {
		return runError{err}
	}
	if found.Judged.Objects == 0 && len(found.Results) == 0 {
		a.say(program + ": warning: the input holds no workload, and lint looks at nothing else")
	}
	a.say(program + ": " + found.Judgement())
	if found.Failed() {
		return errFailed
	}
	return nil
}

// listRules prints the rules.
func (a *app) listRules(form string) error {
	_, rules, err := a.linter()
	if err != nil {
		return err
	}
	if form == report.JSON {
		all := []map[string]string{}
		for _, r := range rules {
			all = append(all, map[string]string{"id": r.ID, "name": r.Name, "severity": string(r.Severity), "about": r.About, "remedy": r.Remedy})
		}
		return a.printJSON(all)
	}
	w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	for _, r := range rules {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.ID, r.Name, r.Severity, r.About)
	}
	return w.Flush()
}

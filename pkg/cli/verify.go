package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

func (a *app) verify() *cobra.Command {
	var flags configFlags
	var output outputFlag
	cmd := &cobra.Command{
		Use:   "verify -c FILE [PATH]...",
		Short: "Check that functions have run on rendered manifests",
		Long: `verify checks that functions have run on manifests, and changes nothing. Hosts may
leave functions out without a word: kustomize does without --enable-exec. It fails
and names the workloads that a config selects and that bear no record of it, or one
of another config. What other tools changed afterwards is a warning.`,
		Example: `  kustomize build --enable-alpha-plugins --enable-exec . | krm-sidecars verify -c logs.yaml`,
		RunE: func(_ *cobra.Command, paths []string) error {
			if err := output.validate(); err != nil {
				return err
			}
			e, err := a.engine(flags)
			if err = a.reported(err, output); err != nil {
				return err
			}
			inputs, err := a.inputs(paths, flags)
			if err != nil {
				return err
			}
			return a.runVerify(e, inputs, output)
		},
	}
	flags.add(cmd)
	output.add(cmd)
	return cmd
}

func (a *app) runVerify(e *krm.Engine, inputs []*input, output outputFlag) error {
	report := e.Verify(texts(inputs)...)
	if output.form == outputJSON {
		if err := a.printReport(report); err != nil {
			return runError{err}
		}
	}
	done, all := report.Processed()
	a.tellResults(report)
	a.say(fmt.Sprintf("%s: %d of %d workloads are processed", program, done, all))
	if report.Failed() {
		return errFailed
	}
	return nil
}

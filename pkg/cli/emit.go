package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/krm-sidecars/krm-sidecars/pkg/emit"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// emitFlag asks for patches in place of manifests.
type emitFlag string

func (f *emitFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar((*string)(f), "emit", "", "print kustomize patches (patches), those of a HelmRelease (flux), or generated objects (objects)")
	_ = cmd.RegisterFlagCompletionFunc("emit", cobra.FixedCompletions(emit.Forms(), cobra.ShellCompDirectiveNoFileComp)) // fails for unknown flags only
}

func (f emitFlag) validate(out outputFlags) error {
	switch {
	case f == "":
		return nil
	case !slices.Contains(emit.Forms(), string(f)):
		return fmt.Errorf("--emit %q is none of %s", string(f), strings.Join(emit.Forms(), ", "))
	case out.write || out.diff || out.form != outputText:
		return fmt.Errorf("--emit prints patches; it does not go with --write, --diff or --output %s", outputJSON)
	}
	return nil
}

// emitPatches prints what an engine, if there is one, does to files.
func (a *app) emitPatches(e *krm.Engine, err error, paths []string, flags configFlags, form emitFlag) error {
	if err != nil {
		return err
	}
	inputs, err := a.inputs(paths, flags)
	if err != nil {
		return err
	}
	text, report := emit.Run(e, string(form), texts(inputs)...)
	if !report.Failed() {
		report.Add(e.Unmatched())
	}
	return a.finish(program, report, func() error {
		if report.Failed() {
			return nil
		}
		return a.write(text)
	})
}

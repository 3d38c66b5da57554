package cli

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"github.com/krm-sidecars/krm-sidecars/pkg/catalog"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// The ways to run a function.
const (
	runtimeExec      = "exec"
	runtimeContainer = "container"
)

// expandFlags say what catalog expand is to write, and where.
type expandFlags struct {
	catalog, runtime, kptfile string
	use                       catalog.Use
	out                       outputFlags
}

func (a *app) catalogExpand() *cobra.Command {
	var flags expandFlags
	cmd := &cobra.Command{
		Use:   "expand CONFIG...",
		Short: "Write from a catalog what hosts need to run functionConfigs",
		Long: `expand looks functionConfigs up in a catalog, and prints them with the annotation
config.kubernetes.io/function, which tells kustomize what to run. With --kptfile
it prints that Kptfile with the functionConfigs in its pipeline instead. An older
annotation or entry is brought up to date; all other lines stay as they are.`,
		Example: `  krm-sidecars catalog expand --write logs.yaml
  krm-sidecars catalog expand --catalog catalog.yaml --runtime container --diff logs.yaml
  krm-sidecars catalog expand --kptfile Kptfile --write logs.yaml`,
		RunE: func(cmd *cobra.Command, files []string) error {
			if err := flags.validate(cmd, files); err != nil {
				return err
			}
			return a.expand(flags, files)
		},
	}
	flags.add(cmd)
	return cmd
}

func (f *expandFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.catalog, "catalog", "", "`file` with the catalog (default: what catalog print prints)")
	cmd.Flags().StringVar(&f.runtime, "runtime", runtimeExec, "exec, for a program, or container, for an image by its digest")
	cmd.Flags().StringVar(&f.use.Platform, "platform", "", "`OS/ARCH` where the program is to run (default: this one)")
	cmd.Flags().StringVar(&f.use.Path, "exec-path", "", "`path` of the program (default: its name, to be found in PATH)")
	cmd.Flags().BoolVar(&f.use.ByTag, "by-tag", false, "name the image by its tag, not by its digest")
	cmd.Flags().StringVar(&f.kptfile, "kptfile", "", "the Kptfile to add the functionConfigs to")
	cmd.Flags().BoolVarP(&f.out.write, "write", "w", false, "change the files in place, all or none of them")
	cmd.Flags().BoolVarP(&f.out.diff, "diff", "d", false, "print what would change, or changes")
	_ = cmd.RegisterFlagCompletionFunc("runtime", cobra.FixedCompletions([]string{runtimeExec, runtimeContainer}, cobra.ShellCompDirectiveNoFileComp)) // fails for unknown flags only
}

func (f *expandFlags) validate(cmd *cobra.Command, files []string) error {
	f.use.Container = f.runtime == runtimeContainer
	foreign := map[string][]string{runtimeExec: {"by-tag"}, runtimeContainer: {"platform", "exec-path"}}
	flags, known := foreign[f.runtime]
	if !known {
		return fmt.Errorf("--runtime %q is none of %s, %s", f.runtime, runtimeExec, runtimeContainer)
	}
	for _, name := range flags {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s makes no sense with --runtime %s", name, f.runtime)
		}
	}
	f.use.Platform = cmp.Or(f.use.Platform, runtime.GOOS+"/"+runtime.GOARCH)
	switch {
	case len(files) == 0:
		return errors.New("no functionConfig: name at least one file; krm-sidecars example FUNCTION prints one")
	case slices.Contains(files, stdin) && (f.out.write || f.kptfile != ""):
		return errors.New("--write and --kptfile need files, not stdin")
	}
	return nil
}

// expand works on the functionConfigs, or on the Kptfile.
func (a *app) expand(flags expandFlags, files []string) error {
	c, err := a.readCatalog(flags.catalog, catalog.Read)
	if err != nil {
		return runError{err}
	}
	inputs, err := a.readEach(files...)
	if err == nil && flags.kptfile == "" {
		err = annotate(c, inputs, flags.use)
	} else if err == nil {
		inputs, err = a.addToKptfile(c, inputs, flags)
	}
	if err != nil {
		return runError{err}
	}
	return a.deliver(inputs, krm.Report{}, flags.out)
}

func (a *app) readEach(names ...string) ([]*input, error) {
	inputs, errs := make([]*input, len(names)), make([]error, len(names))
	for i, name := range names {
		inputs[i], errs[i] = a.readOne(name)
	}
	return inputs, errors.Join(errs...)
}

func annotate(c *catalog.Catalog, inputs []*input, use catalog.Use) error {
	errs := make([]error, len(inputs))
	for i, file := range texts(inputs) {
		inputs[i].out, errs[i] = c.Annotate(file, use)
	}
	return errors.Join(errs...)
}

func (a *app) addToKptfile(c *catalog.Catalog, configs []*input, flags expandFlags) ([]*input, error) {
	kptfile, err := a.readEach(flags.kptfile)
	if err != nil {
		return nil, err
	}
	kptfile[0].out, err = c.AddToKptfile(texts(kptfile)[0], texts(configs), flags.use)
	return kptfile, err
}

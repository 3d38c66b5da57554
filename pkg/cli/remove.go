package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

func (a *app) remove() *cobra.Command {
	var flags configFlags
	var out outputFlags
	var what krm.Leaving
	cmd := &cobra.Command{
		Use:   "remove (-c FILE | --owner FUNCTION.NAME | --function FUNCTION | --all) [PATH]...",
		Short: "Take away what functions added",
		Long: `remove takes away what functions added, and restores what was there before, to
the byte: what the config in a file added, or what configs or functions added that
are given by name, or everything. What a person changed elsewhere stays. Without
--write, --diff or --output json it prints the manifests.`,
		Example: `  krm-sidecars remove -c logs.yaml --write deploy/
  krm-sidecars remove --owner add-log-sidecar.nginx-logs --diff deploy/
  krm-sidecars remove --function add-exporter --write deploy/
  krm-sidecars remove --all --diff deploy/`,
		RunE: func(_ *cobra.Command, paths []string) error {
			if err := errors.Join(oneOf(what, flags), out.validate()); err != nil {
				return err
			}
			e, err := a.remover(flags, what)
			return a.runFiles(e, err, paths, flags, out)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringSliceVar(&what.Owners, "owner", nil, "take away what one config of a function added, such as add-log-sidecar.nginx-logs")
	cmd.Flags().StringSliceVar(&what.Functions, "function", nil, "take away what all configs of a function added")
	cmd.Flags().BoolVar(&what.All, "all", false, "take away what any function added")
	_ = cmd.RegisterFlagCompletionFunc("function", cobra.FixedCompletions(krm.Names(a.functions), cobra.ShellCompDirectiveNoFileComp)) // fails for unknown flags only
	out.add(cmd)
	return cmd
}

// oneOf makes sure that there is one way in which what is to go is given.
func oneOf(what krm.Leaving, flags configFlags) error {
	ways := 0
	for _, given := range []bool{what.All, len(what.Owners)+len(what.Functions) > 0, len(flags.files) > 0} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return errors.New("give either -c FILE, for what that config added, or --owner and --function, or --all")
	}
	return nil
}

func (a *app) remover(flags configFlags, what krm.Leaving) (*krm.Engine, error) {
	switch {
	case what.All:
		return ready(krm.NewRemover())
	case len(flags.files) == 0:
		in, err := krm.NewRemoval(a.functions, what)
		if err != nil {
			return nil, a.badConfig(err)
		}
		return ready(krm.NewEngine([]*krm.Instance{in}, ""))
	}
	instances, err := a.instances(flags.files)
	if err != nil {
		return nil, a.badConfig(err)
	}
	var origins []krm.Origin
	for _, in := range instances {
		switch {
		case in.Removes():
			return nil, fmt.Errorf("%s says itself what goes; run it with inject -c, or give the configs to take away with remove -c", in.Source)
		case in.FindsItems():
			return nil, fmt.Errorf("%s takes its configs from among the items; give those with -c, or --all", in.Source)
		}
		origins = append(origins, in.Origins()...)
	}
	return ready(krm.NewRemover(origins...))
}

// ready is an engine, or why there is none.
func ready(e *krm.Engine, err error) (*krm.Engine, error) {
	if err != nil {
		return nil, runError{err}
	}
	return e, nil
}

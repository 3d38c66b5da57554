package cli

import (
	"fmt"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/schema"
)

func (a *app) list() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the functions", Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
			for _, f := range a.functions {
				fmt.Fprintf(w, "%s\t%s\t%s\n", f.Name, f.Kind, f.Short)
			}
			return w.Flush()
		},
	}
}

// about makes a command that prints something about one function.
func (a *app) about(use, short string, print func(krm.Function) error) *cobra.Command {
	var names []string
	for _, f := range a.functions {
		names = append(names, f.Name, f.Kind)
	}
	return &cobra.Command{
		Use: use, Short: short, ValidArgs: names,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("%s needs one of %s", cmd.Use, strings.Join(names, ", "))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			f, ok := krm.Find(a.functions, args[0])
			if !ok {
				return fmt.Errorf("there is no function %q; they are %s", args[0], strings.Join(names, ", "))
			}
			return print(f)
		},
	}
}

func (a *app) doc() *cobra.Command {
	return a.about("doc FUNCTION", "Print the manual of a function", func(f krm.Function) error { return a.write(manual(f.Readme) + "\n") })
}

// manual is a README without the comments that only tools read.
func manual(readme string) string {
	var b strings.Builder
	blank := false
	for line := range strings.Lines(readme) {
		text := strings.TrimSpace(line)
		if strings.HasPrefix(text, "<!--") && strings.HasSuffix(text, "-->") || text == "" && blank {
			continue
		}
		blank = text == ""
		b.WriteString(line)
	}
	return strings.TrimSpace(b.String())
}

func (a *app) example() *cobra.Command {
	return a.about("example FUNCTION", "Print a commented functionConfig", func(f krm.Function) error { return a.write(f.Example) })
}

func (a *app) schema() *cobra.Command {
	openAPI := false
	cmd := a.about("schema KIND", "Print the JSON schema of a functionConfig", func(f krm.Function) error {
		as := schema.JSON
		if openAPI {
			as = schema.Pretty
		}
		text, err := as(f.Schema)
		if err != nil {
			return err
		}
		return a.write(text)
	})
	cmd.Flags().BoolVar(&openAPI, "openapi", false, "print the openAPIV3Schema, as a CustomResourceDefinition has it")
	return cmd
}

// printDoc answers --doc as the functions of the kpt catalog do.
func (a *app) printDoc(f krm.Function) error {
	return a.printJSON(map[string]any{
		"name": f.Name, "kind": f.Kind, "apiVersion": config.APIVersion, "description": f.Short, "readme": f.Readme, "version": version(),
	})
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return a.write(version() + "\n") },
	}
}

// version is what Go recorded when it built the program.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

package cli

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/krm-sidecars/krm-sidecars/pkg/catalog"
)

func (a *app) catalog() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "catalog",
		Short: "Print the catalog of functions, check one, and name programs and images from it",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("catalog needs one of print, expand, check")
			}
			return noCommand(cmd, args)
		},
		RunE: func(*cobra.Command, []string) error { return nil }, // Args has refused every call
	}
	cmd.SuggestionsMinimumDistance = 2
	cmd.AddCommand(a.catalogPrint(), a.catalogExpand(), a.catalogCheck())
	return cmd
}

func (a *app) catalogPrint() *cobra.Command {
	var images, archives string
	cmd := &cobra.Command{
		Use:   "print",
		Short: "Print the catalog of the functions",
		Long: `print prints the catalog of the functions, as KEP-2906 (Kustomize Function
Catalog) has it. What only a release knows is empty, unless files tell it.`,
		Example: `  krm-sidecars catalog print --digests dist/images/digests.txt --checksums dist/SHA256SUMS`,
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			c, err := a.ownCatalog(images, archives)
			if err != nil {
				return runError{err}
			}
			text, err := c.YAML()
			if err != nil {
				return runError{err}
			}
			return a.write(text)
		},
	}
	cmd.Flags().StringVar(&images, "digests", "", "`file` with the digests of the images, as make images writes it")
	cmd.Flags().StringVar(&archives, "checksums", "", "`file` with the SHA-256 of a release's archives")
	return cmd
}

// ownCatalog is the catalog of the functions that are in the program.
func (a *app) ownCatalog(images, archives string) (*catalog.Catalog, error) {
	digests, checksums, err := sums(images, archives)
	if err != nil {
		return nil, err
	}
	return catalog.Of(a.functions, catalog.Release{Version: catalog.Current, Images: digests, Archives: checksums})
}

// sums reads the files with digests of images and checksums of archives. Those
// that are not asked for are not known.
func sums(images, archives string) (digests, checksums catalog.Sums, err error) {
	if digests, err = readSums(images); err != nil {
		return nil, nil, err
	}
	checksums, err = readSums(archives)
	return digests, checksums, err
}

func readSums(file string) (catalog.Sums, error) {
	if file == "" {
		return nil, nil
	}
	src, err := readFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return catalog.ReadSums(file, src)
}

func (a *app) catalogCheck() *cobra.Command {
	var images, archives string
	cmd := &cobra.Command{
		Use:   "check [CATALOG]",
		Short: "Check that a catalog is as KEP-2906 has it, and that what it names exists",
		Example: `  krm-sidecars catalog check --images dist/images/digests.txt
  krm-sidecars catalog check --images digests.txt --checksums SHA256SUMS catalog.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, files []string) error {
			file := strings.Join(files, "")
			c, err := a.readCatalog(file, catalog.ReadStrict)
			if err != nil {
				return runError{err}
			}
			return a.compare(c, file, images, archives)
		},
	}
	cmd.Flags().StringVar(&images, "images", "", "`file` with the images that exist, and their digests")
	cmd.Flags().StringVar(&archives, "checksums", "", "`file` with the archives that exist, and their SHA-256")
	return cmd
}

// readCatalog reads a catalog from a file, or is the program's own.
func (a *app) readCatalog(file string, read func(file, src string) (*catalog.Catalog, error)) (*catalog.Catalog, error) {
	if file == "" {
		return a.ownCatalog("", "")
	}
	in, err := a.readOne(file)
	if err != nil {
		return nil, err
	}
	return read(file, in.src)
}

func (a *app) compare(c *catalog.Catalog, file, images, archives string) error {
	digests, checksums, err := sums(images, archives)
	if err != nil {
		return runError{err}
	}
	name := cmp.Or(file, "the catalog")
	if err := c.Compare(name, digests, checksums); err != nil {
		return runError{err}
	}
	a.say(program + ": " + name + " is in order: " + c.Summary())
	return nil
}

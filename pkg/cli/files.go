package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// input is a text to work on.
type input struct {
	name string // file, or "-" for stdin
	src  string
	out  string
}

// stdin is the name of standard input among files.
const stdin = "-"

// read reads the files, the folders' manifests, or stdin. Configs that lie in a
// folder are no manifests.
func (a *app) read(paths, configs []string) ([]*input, error) {
	if len(paths) == 0 {
		paths = []string{stdin}
	}
	var all []*input
	var errs []error
	for _, path := range paths {
		names, err := expand(path, configs)
		errs = append(errs, err)
		for _, name := range names {
			in, err := a.readOne(name)
			errs = append(errs, err)
			if err == nil {
				all = append(all, in)
			}
		}
	}
	return all, errors.Join(errs...)
}

func (a *app) readOne(name string) (*input, error) {
	if name == stdin {
		src, err := readAll(a.in)
		return &input{name: name, src: src}, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	src, err := readAll(f)
	return &input{name: name, src: src}, errors.Join(err, f.Close())
}

// readAll reads to the end, in one piece where the size is known.
func readAll(r io.Reader) (string, error) {
	var b strings.Builder
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			b.Grow(int(info.Size()))
		}
	}
	_, err := io.Copy(&b, r)
	return b.String(), err
}

// expand returns the manifests in a folder, hidden folders and configs left out,
// or the file itself.
func expand(path string, configs []string) ([]string, error) {
	info, err := os.Stat(path)
	if path == stdin || (err == nil && !info.IsDir()) {
		return []string{path}, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && name != path:
			return filepath.SkipDir
		case !d.IsDir() && slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(name)) && !isOneOf(name, configs):
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// isOneOf reports whether a file is one of others, under whatever name.
func isOneOf(name string, others []string) bool {
	info, err := os.Stat(name)
	return err == nil && slices.ContainsFunc(others, func(other string) bool {
		o, err := os.Stat(other)
		return err == nil && os.SameFile(info, o)
	})
}

// replace writes a file anew, as a whole or not at all: the old one stays until
// the new one is complete. Mode and, for a link, the link stay.
func replace(name, text string) (err error) {
	if name, err = filepath.EvalSymlinks(name); err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("writing %s: %w", name, err), os.Remove(tmp.Name()))
		}
	}()
	_, err = io.WriteString(tmp, text)
	err = errors.Join(err, tmp.Chmod(info.Mode()), tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

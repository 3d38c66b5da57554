package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
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
		for i, name := range names {
			a.progress(i, len(names))
			in, err := a.readOne(name)
			errs = append(errs, err)
			if err == nil {
				all = append(all, in)
			}
		}
	}
	return all, errors.Join(errs...)
}

// progress keeps somebody informed who waits for a large folder.
func (a *app) progress(i, n int) {
	if n > 200 && i%50 == 0 && isTerminal(a.err) {
		fmt.Fprintf(a.err, "\r%d of %d files", i, n)
		if i+50 >= n {
			fmt.Fprint(a.err, "\r\x1b[K")
		}
	}
}

func (a *app) readOne(name string) (*input, error) {
	if name == stdin {
		src, err := a.readStdin()
		return &input{name: name, src: src}, err
	}
	src, err := readFile(name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	a.collect(len(src))
	return &input{name: name, src: src}, nil
}

func (a *app) readStdin() (string, error) {
	src, err := readAll(a.in)
	if err != nil {
		return "", fmt.Errorf("reading stdin: %w", err)
	}
	a.collect(len(src))
	return src, nil
}

// expand returns the manifests in a folder, hidden folders and configs left out,
// or the file itself.
func expand(path string, configs []string) ([]string, error) {
	info, err := os.Stat(path)
	if path == stdin || (err == nil && !info.IsDir()) {
		return []string{path}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, reason(err))
	}
	var names []string
	path = filepath.Clean(path) + string(filepath.Separator) // a link to a folder is one
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && name != path:
			return filepath.SkipDir
		case !d.IsDir() && slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(name)) && !isFolder(name) && !isOneOf(name, configs):
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// isFolder reports whether a name is that of a folder, or of a link to one.
func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// isOneOf reports whether a file is one of others, under whatever name.
func isOneOf(name string, others []string) bool {
	info, err := os.Stat(name)
	return err == nil && slices.ContainsFunc(others, func(other string) bool {
		o, err := os.Stat(other)
		return err == nil && os.SameFile(info, o)
	})
}

// reason is why the system refused a file, without the name of the call.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// staged is a new file beside the one that it is to replace.
type staged struct {
	temporary, name string
	empty           bool
}

func (s staged) replace() error {
	if s.empty {
		return os.Remove(s.name)
	}
	return os.Rename(s.temporary, s.name)
}

// replaceAll writes files anew, all or none: the old ones stay until every new
// one is complete, and from then on no signal stops it. Modes and links stay. A
// file goes when nothing is left in it, as where it held what we generated.
func replaceAll(texts map[string]string) (err error) {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(stop)
	all, err := stageAll(texts, stop)
	defer func() { err = errors.Join(err, discard(all)) }()
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := s.replace(); err != nil {
			return fmt.Errorf("writing %s: %w", s.name, reason(err))
		}
	}
	return nil
}

// stageAll writes the new files, unless a signal stops it. It returns those that
// are there also when it fails.
func stageAll(texts map[string]string, stop <-chan os.Signal) ([]staged, error) {
	var all []staged
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		s, err := stage(name, texts[name])
		if s.temporary != "" {
			all = append(all, s)
		}
		if err != nil {
			return all, fmt.Errorf("writing %s: %w; no file was changed", name, reason(err))
		}
		if len(stop) > 0 {
			return all, errors.New("interrupted; no file was changed")
		}
	}
	return all, nil
}

// discard removes the new files that are still there: none where all went well.
func discard(all []staged) error {
	var errs []error
	for _, s := range all {
		if err := os.Remove(s.temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// stage writes the new file.
func stage(name, text string) (staged, error) {
	name, err := filepath.EvalSymlinks(name)
	if err != nil {
		return staged{}, err
	}
	info, err := os.Stat(name)
	if err != nil {
		return staged{}, err
	}
	if !info.Mode().IsRegular() {
		return staged{}, errors.New("is no regular file")
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return staged{}, err
	}
	_, err = io.WriteString(tmp, text)
	return staged{tmp.Name(), name, strings.TrimSpace(text) == ""}, errors.Join(err, tmp.Chmod(info.Mode()), tmp.Sync(), tmp.Close())
}

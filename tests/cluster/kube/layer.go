package kube

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// layer writes all files of the image, with the folders above them.
func (i *Image) layer(file string) error {
	entries := map[string]entry{"tmp": {folder: true, mode: 0o1777}}
	for to, text := range i.Texts {
		entries[relative(to)] = entry{text: []byte(text)}
	}
	for to, target := range i.Links {
		entries[relative(to)] = entry{link: target}
	}
	for to, from := range i.Files {
		if err := addTree(entries, from, relative(to)); err != nil {
			return err
		}
	}
	addParents(entries)
	return writeTar(file, entries)
}

// addParents adds the folders above all others.
func addParents(entries map[string]entry) {
	for _, at := range slices.Collect(maps.Keys(entries)) {
		for up := path.Dir(at); up != "."; up = path.Dir(up) {
			if _, ok := entries[up]; !ok {
				entries[up] = entry{folder: true, mode: 0o755}
			}
		}
	}
}

// relative is a path as archives have it.
func relative(p string) string { return strings.Trim(path.Clean(p), "/") }

// addTree adds a file, or a folder with all in it. A link that leads to it is followed.
func addTree(entries map[string]entry, from, to string) error {
	real, err := filepath.EvalSymlinks(from)
	if err != nil {
		return err
	}
	return filepath.WalkDir(real, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(real, file)
		if err != nil {
			return err
		}
		return addFile(entries, file, d, path.Join(to, filepath.ToSlash(below)))
	})
}

func addFile(entries map[string]entry, file string, d fs.DirEntry, at string) error {
	switch {
	case d.IsDir():
		entries[at] = entry{folder: true, mode: 0o755}
		return nil
	case d.Type()&fs.ModeSymlink != 0:
		target, err := os.Readlink(file)
		entries[at] = entry{link: target}
		return err
	}
	entries[at] = entry{file: file}
	return addLibraries(entries, file)
}

// addLibraries adds what a program is linked with, under the paths that it looks
// at. A file that is no program, or a static one, needs none.
func addLibraries(entries map[string]entry, file string) error {
	listed, err := exec.Command("ldd", file).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(listed)) {
		for word := range strings.FieldsSeq(line) {
			if strings.HasPrefix(word, "/") {
				entries[relative(word)] = entry{file: word}
			}
		}
	}
	return nil
}

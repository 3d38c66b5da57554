package main

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/krm-sidecars/krm-sidecars/pkg/catalog"
)

// plugin is a folder below plugins/ with a manifest for one major version of Helm.
type plugin struct {
	name string
	// top is the folder in the archive. Helm 3 looks for plugin.yaml in none; Helm 4,
	// given a file, in one that has the name of the file up to the version.
	top string
}

func plugins() []plugin {
	return []plugin{{"helm3", ""}, {"helm4", "krm-sidecars-helm4/"}}
}

// version is that of the release; Helm wants it without a v.
func version() string { return strings.TrimPrefix(catalog.Current, "v") }

// file is the name of the archive.
func (p plugin) file(at platform) string {
	return fmt.Sprintf("krm-sidecars-%s-%s-%s-%s.tgz", p.name, version(), at.os, at.arch)
}

// pack makes the archive.
func (p plugin) pack(root string, at platform, program []byte, modified time.Time) ([]byte, error) {
	own := path.Join("plugins", p.name)
	var entries []entry
	for _, file := range []string{own + "/plugin.yaml", own + "/README.md", "LICENSE"} {
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{p.top + path.Base(file), data})
	}
	if !bytes.Contains(entries[0].data, []byte("\nversion: "+version()+"\n")) {
		return nil, fmt.Errorf("%s/plugin.yaml is not of version %s", own, version())
	}
	return tarball(modified, append(entries, entry{p.top + "bin/" + at.program(), program}))
}

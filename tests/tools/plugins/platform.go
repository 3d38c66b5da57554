package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// platform is an operating system and a processor, by Go's names.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "/" + p.arch }

// all are the platforms that there are releases for.
func all() []platform {
	var list []platform
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, arch := range []string{"amd64", "arm64"} {
			list = append(list, platform{system, arch})
		}
	}
	return list
}

// choose reads a comma list of platforms; "" means all.
func choose(list string) ([]platform, error) {
	if list == "" {
		return all(), nil
	}
	var chosen []platform
	for name := range strings.SplitSeq(list, ",") {
		system, arch, _ := strings.Cut(name, "/")
		p := platform{system, arch}
		if !slices.Contains(all(), p) {
			return nil, fmt.Errorf("there is no platform %q; they are %v", name, all())
		}
		chosen = append(chosen, p)
	}
	return chosen, nil
}

// program is the name of the binary.
func (p platform) program() string {
	if p.os == "windows" {
		return "krm-sidecars.exe"
	}
	return "krm-sidecars"
}

// build compiles the binary, as the releases have it.
func (p platform) build(folder string) ([]byte, error) {
	file := filepath.Join(folder, p.os+"-"+p.arch)
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+p.os, "GOARCH="+p.arch)
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building for %s: %w\n%s", p, err, said)
	}
	return os.ReadFile(file)
}

// Command plugins packs the Helm plugins: an archive for each plugin and
// platform, with the program in it, and SHA256SUMS of them all. The same source
// gives the same bytes each time. It runs at the root of the repository.
//
//	plugins [-out FOLDER] [-platforms linux/amd64,...]
package main

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "plugins:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("plugins", flag.ContinueOnError)
	out := flags.String("out", filepath.Join("dist", "plugins"), "folder of the archives")
	wanted := flags.String("platforms", "", "such as linux/amd64,windows/arm64; by default all that there are releases for")
	if err := flags.Parse(args); err != nil {
		return err
	}
	platforms, err := choose(*wanted)
	if err != nil {
		return err
	}
	modified, err := sourceDate()
	if err != nil {
		return err
	}
	programs, err := os.MkdirTemp("", "krm-sidecars-plugins-")
	if err != nil {
		return err
	}
	build := func(p platform) ([]byte, error) { return p.build(programs) }
	return errors.Join(packAll(".", *out, platforms, modified, build), os.RemoveAll(programs))
}

// sourceDate is the time that all files in the archives have.
func sourceDate() (time.Time, error) {
	value := os.Getenv("SOURCE_DATE_EPOCH")
	if value == "" {
		value = "0"
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading SOURCE_DATE_EPOCH: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// packAll packs the plugins of the repository at root for some platforms.
func packAll(root, out string, platforms []platform, modified time.Time, build func(platform) ([]byte, error)) error {
	if err := makeFolder(out); err != nil {
		return err
	}
	var sums strings.Builder
	for _, at := range platforms {
		program, err := build(at)
		if err != nil {
			return err
		}
		for _, p := range plugins() {
			archive, err := p.pack(root, at, program, modified)
			if err != nil {
				return err
			}
			name := p.file(at)
			fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(archive), name)
			if err := os.WriteFile(filepath.Join(out, name), archive, 0o644); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// makeFolder makes the folder of the archives, without those of an earlier call,
// which a release would take along.
func makeFolder(out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(out, "krm-sidecars-helm*.tgz"))
	for _, file := range old {
		err = errors.Join(err, os.Remove(file))
	}
	return err
}

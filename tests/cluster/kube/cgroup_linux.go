package kube

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// makeCgroups makes the cgroup that all pods are put below, in every hierarchy.
func makeCgroups(group string) error {
	for _, folder := range hierarchies(group) {
		if err := os.Mkdir(folder, 0o755); err != nil {
			return fmt.Errorf("making the cgroup of the pods: %w", err)
		}
	}
	return nil
}

// removeCgroups takes them away. The kernel needs a moment after the last process.
func removeCgroups(group string) {
	for range 50 {
		left := 0
		for _, top := range hierarchies(group) {
			for _, folder := range deepestFirst(top) {
				if err := syscall.Rmdir(folder); err != nil {
					left++
				}
			}
		}
		if left == 0 {
			return
		}
		time.Sleep(pause)
	}
	fmt.Fprintf(os.Stderr, "kube: the cgroup %s could not be removed\n", group)
}

// hierarchies are the folders of a cgroup: one, or on older systems one for each
// controller.
func hierarchies(group string) []string {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return nil
	}
	var all []string
	for line := range strings.Lines(string(mounts)) {
		if f := strings.Fields(line); f[2] == "cgroup" || f[2] == "cgroup2" {
			all = append(all, filepath.Join(f[1], group))
		}
	}
	return all
}

// deepestFirst lists a folder and those below it, in the order to remove them in.
func deepestFirst(top string) []string {
	var folders []string
	_ = filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			folders = append(folders, path)
		}
		return nil // a folder that went in between is what we want
	})
	slices.Reverse(folders)
	return folders
}

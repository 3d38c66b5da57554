package kube

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// tunables are what a kubelet sets on its machine. It finds them set, in files of
// ours that hide those of the host's kernel.
func tunables() map[string]string {
	return map[string]string{
		"/proc/sys/vm/overcommit_memory":      "1",
		"/proc/sys/vm/panic_on_oom":           "0",
		"/proc/sys/kernel/panic":              "10",
		"/proc/sys/kernel/panic_on_oops":      "1",
		"/proc/sys/kernel/keys/root_maxkeys":  "1000000",
		"/proc/sys/kernel/keys/root_maxbytes": "25000000",
	}
}

// furnish mounts what the namespaces need: processes of their own, a /run, and a
// /var whose changes stay in the state. Nothing gets out.
func furnish(state string) error {
	for _, m := range []struct {
		source, target, kind, data string
		flags                      uintptr
	}{
		{target: "/", flags: syscall.MS_REC | syscall.MS_PRIVATE},
		{source: "proc", target: "/proc", kind: "proc"},
		{source: "tmpfs", target: "/run", kind: "tmpfs"},
		{
			source: "overlay", target: "/var", kind: "overlay",
			data: fmt.Sprintf("lowerdir=/var,upperdir=%s/var,workdir=%s/work", state, state),
		},
	} {
		if m.kind == "overlay" {
			if err := folders(state, "var", "work", "tunables"); err != nil {
				return err
			}
		}
		if err := syscall.Mount(m.source, m.target, m.kind, m.flags, m.data); err != nil {
			return fmt.Errorf("mounting %s in the namespace of the cluster: %w", m.target, err)
		}
	}
	return tune(filepath.Join(state, "tunables"))
}

func tune(dir string) error {
	for path, value := range tunables() {
		file := filepath.Join(dir, filepath.Base(path))
		if err := os.WriteFile(file, []byte(value), 0o644); err != nil {
			return err
		}
		if err := syscall.Mount(file, path, "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("hiding %s from the kubelet: %w", path, err)
		}
	}
	return nil
}

//go:build e2e && linux

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// TestS19_AloneInAnEmptyRoot: the root folder holds the binary and nothing else,
// nothing in it may be written, there is no network, and nobody knows the user.
// The answer is the same.
func TestS19_AloneInAnEmptyRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can change the root folder")
	}
	root := emptyRoot(t)
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		want := worked(t, name, list)
		for _, uid := range []uint32{65534, 1_234_567} {
			box.Equal(t, "list", want, runAlone(t, root, uid, list, "/krm-sidecars", name))
		}
	})
	left, err := os.ReadDir(root)
	box.Check(t, err)
	box.Equal(t, "files in the root folder", 1, len(left))
}

// emptyRoot is a folder with the binary alone that only root may write to.
func emptyRoot(t *testing.T) string {
	t.Helper()
	root := filepath.Join(filepath.Dir(binaries["krm-sidecars"]), "root")
	box.Check(t, os.Mkdir(root, 0o755))
	t.Cleanup(func() { box.Check(t, os.RemoveAll(root)) })
	box.Check(t, copyFile(binaries["krm-sidecars"], filepath.Join(root, "krm-sidecars")))
	box.Check(t, os.Chmod(root, 0o555))
	return root
}

// runAlone runs a program in a root folder of its own, without an environment and
// without a network.
func runAlone(t *testing.T, root string, uid uint32, stdin string, command ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), box.Limit)
	defer cancel()
	cmd := newSandbox(t, "").Command(ctx, command[0], command[1:]...)
	cmd.Dir, cmd.Env = "/", []string{}
	cmd.Stdin = strings.NewReader(stdin)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Chroot:     root,
		Cloneflags: syscall.CLONE_NEWNET,
		Credential: &syscall.Credential{Uid: uid, Gid: uid},
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%q as user %d: %v\n%s", command, uid, err, stderr.String())
	}
	return string(out)
}

package kube

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// prefix begins the names of the folders and cgroups of clusters. The id of the
// process that is to remove them follows.
const prefix = "krm-sidecars-cluster-"

// outside runs the test program again in namespaces of its own and cleans up
// after it.
func outside() (int, error) {
	sweep()
	state, err := os.MkdirTemp("", prefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return 0, err
	}
	defer clean(state)
	if err := makeCgroups(filepath.Base(state)); err != nil {
		return 0, err
	}
	return isolated(state)
}

// sweep cleans up after programs that were killed before they could.
func sweep() {
	states, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*-*")) // the pattern is right
	for _, state := range states {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(state), prefix), "-")
		if _, err := os.Readlink(filepath.Join("/proc", pid, "exe")); err != nil { // gone, or a zombie
			clean(state)
		}
	}
}

func clean(state string) {
	removeCgroups(filepath.Base(state))
	if err := os.RemoveAll(state); err != nil {
		fmt.Fprintln(os.Stderr, "kube:", err)
	}
}

// isolated runs the test program again, isolated from the host. A signal ends it.
func isolated(state string) (int, error) {
	runtime.LockOSThread() // Pdeathsig is about the thread that starts a process
	defer runtime.UnlockOSThread()
	cmd := stageCommand(stageReap, state)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS,
		Pdeathsig:  syscall.SIGKILL, // ends the process that reaps, and with it all others
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("starting the tests in namespaces of their own: %w", err)
	}
	go func() {
		<-signals
		_ = cmd.Process.Kill() // it may have ended by itself
	}()
	_ = cmd.Wait() // the state tells
	if code := cmd.ProcessState.ExitCode(); code >= 0 {
		return code, nil
	}
	return 0, fmt.Errorf("the tests were ended: %s", cmd.ProcessState)
}

// stageCommand is the test program with the arguments it has, for another stage.
func stageCommand(stage, state string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Args[0] = os.Args[0]
	cmd.Env = append(os.Environ(), stageKey+"="+stage, stateKey+"="+state)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd
}

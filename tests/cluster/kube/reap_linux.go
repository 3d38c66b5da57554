package kube

import (
	"errors"
	"os"
	"syscall"
)

// reap is the first process of the namespace: it runs the tests, and reaps what
// processes leave behind, such as containers' shims. When it ends, the kernel ends
// all others.
func reap() (int, error) {
	cmd := stageCommand(stageTest, os.Getenv(stateKey))
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil:
			return 0, err
		case pid == cmd.Process.Pid && status.Signaled():
			return 128 + int(status.Signal()), nil
		case pid == cmd.Process.Pid:
			return status.ExitStatus(), nil
		}
	}
}

// Command wrapper starts a function as the wrapper-server of Porch does, which is
// copied into the pod of an image: it runs the words behind "--", the entrypoint
// of the image, keeps what they print, and passes it on, also on failure. Last it
// says on stderr how many milliseconds of a processor that took.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
)

func main() {
	command := os.Args[slices.Index(os.Args, "--")+1:]
	cmd := exec.Command(command[0], command[1:]...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, &stdout, &stderr
	err := cmd.Run()
	fmt.Print(stdout.String())
	fmt.Fprint(os.Stderr, stderr.String())
	if cmd.ProcessState == nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	fmt.Fprintln(os.Stderr, used.Milliseconds())
	os.Exit(cmd.ProcessState.ExitCode())
}

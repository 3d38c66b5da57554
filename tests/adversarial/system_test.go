package adversarial

import (
	"os"
	"runtime"
	"syscall"
)

// errGone is what a writer gets whose reader has gone.
const errGone = syscall.EPIPE

// peak is the most memory that a process had in use, in bytes.
func peak(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" { // which counts bytes
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}

package record

import (
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// Machine is what something was measured on.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory string `json:"memory"`
	Kernel string `json:"kernel"`
	Go     string `json:"go"`
}

// machine reads what Linux tells; elsewhere the names stay empty.
func machine() Machine {
	return Machine{
		CPU:    found("/proc/cpuinfo", `(?m)^model name\s*: (.*)$`),
		Cores:  runtime.NumCPU(),
		Memory: gibibytes(found("/proc/meminfo", `MemTotal:\s*(\d+)`)),
		Kernel: runtime.GOOS + " " + found("/proc/sys/kernel/osrelease", `^([0-9.]+)`),
		Go:     strings.TrimPrefix(runtime.Version(), "go"),
	}
}

// found returns what an expression's group matches first in a file.
func found(file, expression string) string {
	text, err := os.ReadFile(file)
	m := regexp.MustCompile(expression).FindSubmatch(text)
	if err != nil || m == nil {
		return ""
	}
	return string(m[1])
}

func gibibytes(kibibytes string) string {
	n, err := strconv.Atoi(kibibytes)
	if err != nil {
		return ""
	}
	return strconv.Itoa((n+1<<19)>>20) + " GiB"
}

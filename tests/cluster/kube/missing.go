package kube

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Debian's packages of what is not built from Go modules, by program. CI installs
// them with tests/cluster/packages.sh.
func packaged(parts Parts) map[string]string {
	programs := map[string]string{"etcd": "etcd-server", "ip": "iproute2"}
	if parts == Full {
		programs["containerd"] = "containerd"
		programs["runc"] = "runc"
		programs["busybox"] = "busybox-static"
		programs[filepath.Join(cniFolder, "bridge")] = "containernetworking-plugins"
	}
	return programs
}

// built are the programs of Kubernetes.
func built(parts Parts) []string {
	if parts == API {
		return []string{"kube-apiserver", "kubectl"}
	}
	return []string{"kube-apiserver", "kubectl", "kube-controller-manager", "kube-scheduler", "kubelet"}
}

// missing tells what it takes to run a cluster here.
func missing(parts Parts) []string {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		return []string{"Linux, and root"}
	}
	var lacking []string
	packages := packaged(parts)
	for _, program := range slices.Sorted(maps.Keys(packages)) {
		if _, err := exec.LookPath(program); err != nil {
			lacking = append(lacking, fmt.Sprintf("%s: apt-get install %s", program, packages[program]))
		}
	}
	for _, program := range built(parts) {
		if _, err := os.Stat(Program(program)); err != nil {
			lacking = append(lacking, program+": tests/tools/build.sh cluster")
		}
	}
	return lacking
}

func refuse(lacking []string) int {
	fmt.Fprintf(os.Stderr, "no cluster can run here, nothing was tested. It takes:\n  %s\n", strings.Join(lacking, "\n  "))
	if os.Getenv(requiredKey) == "required" {
		return 1
	}
	return 0
}

// Program is the path of a program that tests/tools/build.sh cluster builds.
func Program(name string) string { return filepath.Join(Root(), ".bin", "cluster", name) }

// Root is the folder of the repository. Tests run in folders below it.
func Root() string {
	dir, err := filepath.Abs(".")
	for err == nil && dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "tests", "tools", "build.sh")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	return "."
}

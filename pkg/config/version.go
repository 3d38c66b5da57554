package config

import (
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// DefaultKubernetesVersion is the oldest minor version that upstream still
// supports.
const DefaultKubernetesVersion = "1.35"

const (
	minMinor = 20
	maxMinor = 60 // far enough ahead; beyond it is a slip of the keyboard

	nativeSidecarsFrom = 29 // init containers with restartPolicy: Always
)

// versionText matches 1.35, v1.29.3 and what vendors report: v1.30.1-gke.100.
var versionText = lazyre.New(`^v?1\.([0-9]{1,3})(\.[0-9]+([-+][0-9A-Za-z.+-]+)?)?$`)

// Minor returns the minor version of KubernetesVersion, 35 for "1.35"; that of
// the default when it is not set, 0 when it is no version.
func (c *Common) Minor() int {
	if c.KubernetesVersion == "" {
		return minorOf(DefaultKubernetesVersion)
	}
	return minorOf(c.KubernetesVersion)
}

func minorOf(version string) int {
	if digits, ok := strings.CutPrefix(version, "1."); ok && len(digits) == 2 { // the usual form needs no expression
		if minor, err := strconv.ParseUint(digits, 10, 8); err == nil {
			return int(minor)
		}
	}
	m := versionText().FindStringSubmatch(version)
	if m == nil {
		return 0
	}
	minor, _ := strconv.Atoi(m[1]) // up to three digits
	return minor
}

func validateVersion(path, version string) Errors {
	var errs Errors
	switch minor := minorOf(version); {
	case version == "":
	case minor == 0 && !versionText().MatchString(version):
		errs.Addf(path, "%q is no Kubernetes version; write it as %q", version, DefaultKubernetesVersion)
	case minor < minMinor || minor > maxMinor:
		errs.Addf(path, "%q is not supported; give a version from 1.%d to 1.%d", version, minMinor, maxMinor)
	}
	return errs
}

package catalog

import (
	"fmt"
	"path"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// Current is the release that this source becomes.
const Current = "v0.1.0"

// Where releases are.
const (
	Publisher = "krm-sidecars"
	Home      = "https://github.com/krm-sidecars/krm-sidecars"
	Registry  = "ghcr.io/krm-sidecars"
	program   = "krm-sidecars"
)

// Sums are checksums by the name of what they are of. Nil: they are not known.
type Sums map[string]string

// Release is what a catalog tells of one release.
type Release struct {
	Version  string // v0.1.0
	Images   Sums   // digests by image, such as ghcr.io/krm-sidecars/add-exporter:v0.1.0
	Archives Sums   // by file, such as krm-sidecars_0.1.0_linux_amd64.tar.gz
}

var hex64 = lazyre.New(`^[0-9a-f]{64}$`)

// ReadSums reads lines of a name and a sum, in either order: sha256sum writes
// the sum first, and may mark the name with a star.
func ReadSums(file, src string) (Sums, error) {
	sums := Sums{}
	n := 0
	for line := range strings.Lines(src) {
		n++
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		name, sum, ok := nameAndSum(words)
		if !ok {
			return nil, fmt.Errorf("reading %s, line %d: %q is no name with its SHA-256; write them in one line", file, n, strings.TrimSpace(line))
		}
		sums[name] = sum
	}
	if len(sums) == 0 {
		return nil, fmt.Errorf("reading %s: it is empty; it should name files or images with their SHA-256, one a line", file)
	}
	return sums, nil
}

func nameAndSum(words []string) (name, sum string, ok bool) {
	if len(words) != 2 {
		return "", "", false
	}
	for i := range words {
		if sum = strings.TrimPrefix(words[i], "sha256:"); hex64().MatchString(sum) {
			return strings.TrimPrefix(words[1-i], "*"), sum, true
		}
	}
	return "", "", false
}

// of returns the sum of a name, "" when sums are not known at all.
func (s Sums) of(name, remedy string) (string, error) {
	sum, ok := s[name]
	if s != nil && !ok {
		return "", fmt.Errorf("looking for %s: the file has no such name; %s", name, remedy)
	}
	return sum, nil
}

// oses and arches are what a release has programs for.
func oses() []string   { return []string{"linux", "darwin", "windows"} }
func arches() []string { return []string{"amd64", "arm64"} }

// platforms returns the programs of a release.
func (r Release) platforms() ([]Platform, error) {
	var all []Platform
	for _, os := range oses() {
		for _, arch := range arches() {
			p := Platform{Bin: program, OS: os, Arch: arch}
			if os == "windows" {
				p.Bin += ".exe"
			}
			archive := fmt.Sprintf("%s_%s_%s_%s.tar.gz", program, strings.TrimPrefix(r.Version, "v"), os, arch)
			sum, err := r.Archives.of(archive, "build the release with goreleaser first")
			if err != nil {
				return nil, err
			}
			p.URI, p.SHA256 = Home+"/releases/download/"+path.Join(r.Version, archive), sum
			all = append(all, p)
		}
	}
	return all, nil
}

// container returns the image of a function.
func (r Release) container(function string) (*Container, error) {
	image := Registry + "/" + function + ":" + r.Version
	sum, err := r.Images.of(image, "build it with make images")
	if err != nil {
		return nil, err
	}
	return &Container{Image: image, SHA256: sum}, nil
}

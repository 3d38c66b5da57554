package inject

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// The longest names of containers, volumes and ports' hosts, and of objects.
const (
	maxLabel      = 63
	maxObjectName = 253
)

// Label joins a name and more words to a DNS-1123 label, which names a container
// or a volume; where it would be too long, a checksum stands for its end.
func Label(name, more string) string {
	long := name + "-" + slug(more)
	if len(long) > maxLabel {
		return HashedLabel(name, more)
	}
	return strings.Trim(long, "-")
}

// HashedLabel is a Label with a checksum, which no other text gets: /a/b and
// /a-b are the same words.
func HashedLabel(name, more string) string {
	return cut(name+"-"+slug(more), more, maxLabel)
}

// cut shortens a name, so that a checksum of text fits behind it.
func cut(name, text string, longest int) string {
	h := fnv.New32a()
	h.Write([]byte(text))
	sum := fmt.Sprintf("-%08x", h.Sum32())
	return strings.TrimRight(name[:min(len(name), longest-len(sum))], "-.") + sum
}

// slug keeps the letters and digits of a text, in lower case.
func slug(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "-")
}

// FreeName is the name of a container that a function adds, and the start of the
// names of what belongs to it: its own, or that of the config too where another
// config has added such a thing already.
func FreeName(v *pod.View, owner Owner, name string) string {
	c, _ := v.Container(name)
	volume, _ := v.Volume(name)
	if c.Owner != "" || volume.Owner != "" {
		return Label(name, owner.Instance)
	}
	return name
}

// ObjectName is the name of an object that is generated for a container: it names
// the workload, and the pod template in it where it may have several.
func ObjectName(v *pod.View, owner Owner, container string) string {
	name := cmp.Or(v.Object.Name, owner.Instance)
	switch at := v.Path.String(); at {
	case "", "template", "spec.template", "spec.jobTemplate.spec.template":
	default:
		name += "-" + slug(strings.TrimSuffix(strings.TrimPrefix(at, "spec."), ".template"))
	}
	if name += "-" + container; len(name) > maxObjectName {
		return cut(name, name, maxObjectName)
	}
	return name
}

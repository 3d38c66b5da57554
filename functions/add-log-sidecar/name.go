package logsidecar

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// maxLabel is the length of a DNS-1123 label, which names containers and
// volumes.
const maxLabel = 63

// label makes a DNS-1123 label of a prefix and a text; with a checksum of the
// text where it would be too long.
func label(prefix, text string) string {
	if name := prefix + "-" + slug(text); len(name) <= maxLabel {
		return name
	}
	return hashed(prefix, text)
}

// hashed is a label that no other text gets.
func hashed(prefix, text string) string {
	h := fnv.New32a()
	h.Write([]byte(text))
	sum := fmt.Sprintf("-%08x", h.Sum32())
	name := prefix + "-" + slug(text)
	return strings.TrimRight(name[:min(len(name), maxLabel-len(sum))], "-") + sum
}

// slug keeps the letters and digits of a text.
func slug(text string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
			return r
		}
		return '-'
	}, strings.ToLower(text)), "-")
}

package images

import "strings"

// Reference is an image as a manifest names it.
type Reference struct{ Repository, Tag, Digest string }

// Parse reads the name of an image, such as registry:5000/web:1.4@sha256:... The
// colon of a registry's port begins no tag.
func Parse(image string) Reference {
	rest, digest, _ := strings.Cut(image, "@")
	at := strings.LastIndexByte(rest, ':')
	if at <= strings.LastIndexByte(rest, '/') {
		return Reference{rest, "", digest}
	}
	return Reference{rest[:at], rest[at+1:], digest}
}

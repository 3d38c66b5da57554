package vaultinit

import (
	"fmt"
	"slices"
	"strings"
)

// The versions of the key/value engine.
const (
	kvOne = 1
	kvTwo = 2
)

// readPath is the path to read, with what version 2 of the key/value engine adds
// behind its mount.
func (s Secret) readPath() string {
	mount, rest, found := strings.Cut(s.Path, "/")
	if s.Version != kvTwo || !found || s.hasData() {
		return s.Path
	}
	return mount + "/data/" + rest
}

// hasData reports whether the path is one of version 2, such as secret/data/web.
func (s Secret) hasData() bool {
	return slices.Contains(strings.Split(s.Path, "/")[1:], "data")
}

// read begins a template that reads the secret, in a block that has to be ended.
func (s Secret) read() string {
	begin := fmt.Sprintf("{{ $path := %q }}{{ with secret $path }}", s.readPath())
	switch {
	case s.Version == kvTwo, s.Version == 0 && s.hasData():
		return begin + "{{ $data := .Data.data }}"
	case s.Version == kvOne:
		return begin + "{{ $data := .Data }}"
	}
	// The agent itself finds version 2 behind a path without data/. Secrets of version
	// 1 may have a key named metadata, too.
	return begin + `{{ $data := .Data }}{{ $about := index .Data "metadata" }}{{ if and (sprig_kindIs "map" $about) (sprig_hasKey $about "version") }}{{ $data = index .Data "data" }}{{ end }}`
}

// contents is the template of the secret's file.
func (s Secret) contents(a access, dir string) string {
	switch {
	case s.PKI != nil:
		return s.issue(a, dir)
	case s.templated():
		return s.Template
	case s.format() == formatJSON:
		return s.read() + object(s.Keys) + "{{ end }}"
	default:
		return s.read() + lines(s.format(), s.Keys) + "{{ end }}"
	}
}

// mode is the mode of the secret's files.
func (s Secret) mode(a access) string {
	if s.FileMode != "" {
		return s.FileMode
	}
	return a.defaultMode()
}

// issue issues once, and writes files that belong together. The template's own
// file comes last and holds all of it: from there the agent takes the certificate
// when it starts again, as long as it is valid.
func (s Secret) issue(a access, dir string) string {
	p := s.PKI
	var b strings.Builder
	fmt.Fprintf(&b, "{{ with pkiCert %q", p.Path)
	for _, f := range []struct{ name, value string }{
		{"common_name", p.CommonName}, {"alt_names", strings.Join(p.AltNames, ",")}, {"ip_sans", strings.Join(p.IPSANs, ",")}, {"ttl", p.TTL},
	} {
		if f.value != "" {
			fmt.Fprintf(&b, " %q", f.name+"="+f.value)
		}
	}
	certificate := ".Data.Cert"
	if p.Chain {
		certificate = `printf "%s%s" .Data.Cert .Data.CA`
	}
	b.WriteString(" }}{{ .Data.Key }}{{ .Data.Cert }}{{ .Data.CA }}")
	for _, f := range []struct{ value, file string }{
		{".Data.Key", s.Files.PrivateKey}, {".Data.CA", s.Files.CA}, {certificate, s.Files.Certificate},
	} {
		fmt.Fprintf(&b, "{{ %s | writeToFile %q \"\" %q %q }}", f.value, dir+"/"+f.file, a.group, s.mode(a))
	}
	return b.String() + "{{ end }}"
}

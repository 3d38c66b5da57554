package vaultinit

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// secretDraft is a secret of which the annotations are being read.
type secretDraft struct {
	raw         string // what stands at the end of its annotations
	secret      Secret
	template    string
	left, right string            // delimiters
	preserve    *bool             // the case of the name
	defined     bool              // by an annotation that makes a secret
	key         string            // of that annotation, or of another one
	origin      map[string]string // the annotation behind a field of the secret
}

// ofSecret is the beginning of fields that belong to the secret of an annotation.
const ofSecret = "spec.secrets[]"

// secretAnnotations say what to read and what to write.
func secretAnnotations() []annotation {
	return []annotation{
		{name: "agent-inject-secret", named: named, field: ofSecret + ".path", set: source(func(s *secretDraft, value string) { s.secret.Path = value })},
		{name: "agent-inject-template", named: named, field: ofSecret + ".template", set: source(func(s *secretDraft, value string) { s.template = value })},
		{name: "agent-inject-template-file", named: named, field: ofSecret + ".templateFile", set: source(func(s *secretDraft, value string) { s.secret.TemplateFile = value })},
		{name: "agent-template-left-delim", named: named, field: ofSecret + ".delimiters", set: part(func(s *secretDraft, value string) { s.left = value })},
		{name: "agent-template-right-delim", named: named, field: ofSecret + ".delimiters", set: part(func(s *secretDraft, value string) { s.right = value })},
		{name: "agent-inject-file", named: named, field: ofSecret + ".file", set: part(func(s *secretDraft, value string) {
			s.secret.File = strings.TrimPrefix(path.Clean("/"+value), "/")
		})},
		{name: "agent-inject-perms", named: named, field: ofSecret + ".fileMode", set: part(func(s *secretDraft, value string) { s.secret.FileMode = value })},
		{name: "agent-inject-command", named: named, field: ofSecret + ".command", set: part(func(s *secretDraft, value string) {
			if value != "" {
				s.secret.Command = []string{"sh", "-c", value}
			}
		})},
		{name: "error-on-missing-key", named: named, field: ofSecret + ".allowMissingKeys", set: ofEach(func(s *secretDraft, value string) string {
			on, wrong := truth(value)
			s.secret.AllowMissingKeys = !on
			return wrong
		})},
		{name: "secret-volume-path", named: either, field: "spec.mount.path", set: volumePath},
		{name: "preserve-secret-case", named: either, set: preserveCase},
		{name: "agent-inject-default-template", set: checked(func(d *dialect, value string) { d.agent.format = strings.ToLower(value) },
			func(value string) string { return config.Word("map", "json")(strings.ToLower(value)) })},
		{name: "agent-inject-token", field: "spec.agent.tokenFile", set: boolean(func(d *dialect, on bool) {
			d.config.Agent.TokenFile = map[bool]string{true: "token"}[on]
		})},
	}
}

// ofEach sets something about the secret of the annotation's name.
func ofEach(set func(s *secretDraft, value string) string) setter {
	return func(d *dialect, g given) string {
		s := d.secret(g.name)
		if !s.defined {
			s.key = g.key
		}
		s.origin[strings.TrimPrefix(g.row.field, ofSecret)] = g.key
		return set(s, g.value)
	}
}

func part(set func(s *secretDraft, value string)) setter {
	return ofEach(func(s *secretDraft, value string) string {
		set(s, value)
		return ""
	})
}

// source is an annotation that makes a secret. One that is blank does not: charts
// leave such behind.
func source(set func(s *secretDraft, value string)) setter {
	return part(func(s *secretDraft, value string) {
		s.defined = true
		if strings.TrimSpace(value) != "" {
			set(s, value)
		}
	})
}

func (d *dialect) secret(name string) *secretDraft {
	s, there := d.secrets[name]
	if !there {
		s = &secretDraft{raw: name, origin: map[string]string{}, secret: Secret{AllowMissingKeys: true}}
		d.secrets[name] = s
	}
	return s
}

func volumePath(d *dialect, g given) string {
	if g.name == "" {
		return text(func(d *dialect) *string { return &d.config.Mount.Path })(d, g)
	}
	g.row.field = ofSecret + ".dir"
	return part(func(s *secretDraft, value string) { s.secret.Dir = value })(d, g)
}

func preserveCase(d *dialect, g given) string {
	on, wrong := truth(g.value)
	if g.name == "" {
		d.agent.preserve = on
	} else {
		g.row.field = ofSecret + ".name"
		_ = part(func(s *secretDraft, _ string) { s.preserve = &on })(d, g)
	}
	return wrong
}

// addSecrets turns the drafts into secrets, in the order of their names, behind
// those of the functionConfig. Of two with one name, that of the pod counts.
func (d *dialect) addSecrets() {
	var drafts []*secretDraft
	for _, raw := range slices.Sorted(maps.Keys(d.secrets)) {
		switch s := d.secrets[raw]; {
		case !s.defined:
			d.find(pod.Error, pod.AnnotationUnknown, d.place(s.key), "belongs to no secret; %s", d.nearSecret(raw))
		case s.secret.Path != "" || s.template != "" || s.secret.TemplateFile != "":
			s.settle(d.agent)
			drafts = append(drafts, s)
		}
	}
	c := d.config
	c.Secrets = slices.DeleteFunc(c.Secrets, func(have Secret) bool {
		return slices.ContainsFunc(drafts, func(s *secretDraft) bool { return s.secret.Name == have.Name })
	})
	for _, s := range drafts {
		at := indexed("spec.secrets", len(c.Secrets))
		c.Secrets = append(c.Secrets, s.secret)
		d.origin[at] = s.key
		for field, key := range s.origin {
			d.origin[at+field] = key
		}
	}
}

func (d *dialect) nearSecret(raw string) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(d.secrets)) {
		if d.secrets[name].defined {
			names = append(names, name)
		}
	}
	if near := config.Nearest(raw, names); near != "" {
		return fmt.Sprintf("did you mean the one named %s?", near)
	}
	return fmt.Sprintf("add %sagent-inject-secret-%s with the path to read", d.prefix, raw)
}

// settle fills in what follows from several annotations.
func (s *secretDraft) settle(a agentDraft) {
	preserve := a.preserve
	if s.preserve != nil {
		preserve = *s.preserve
	}
	if s.secret.Name = s.raw; !preserve {
		s.secret.Name = strings.ToLower(s.raw)
	}
	switch out := &s.secret; {
	case s.template != "": // then the path is a note, and a file is not read
		out.Path, out.TemplateFile, out.Template = "", "", s.template
	case out.TemplateFile != "":
		out.Path = ""
	case a.format == formatJSON: // the answer as it is, with the metadata of version 2
		out.Format, out.Version = formatJSON, kvOne
	default:
		out.Format = formatFile
	}
	if s.left != "" || s.right != "" {
		s.secret.Delimiters = []string{cmp.Or(s.left, "{{"), cmp.Or(s.right, "}}")}
	}
}

package vaultinit

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// validateSecrets checks each secret, and that no two write the same file or
// have the same name.
func (c *Config) validateSecrets() config.Errors {
	var errs config.Errors
	names, files := map[string]int{}, map[string]string{}
	if c.Agent.TokenFile != "" {
		files[c.Agent.TokenFile] = "agent.tokenFile"
	}
	for i, s := range c.Secrets {
		at := indexed("spec.secrets", i)
		errs = append(errs, s.validate().Under(at)...)
		if first, taken := names[s.Name]; taken {
			errs.Addf(at+".name", "%q is the name of secrets[%d] too; set another name", s.Name, first)
		} else {
			names[s.Name] = i
		}
		if c.envOnly(s) {
			continue
		}
		for _, f := range s.files() {
			file := path.Join(s.Dir, f)
			if other, taken := files[file]; taken {
				errs.Addf(at, "writes the file %s, as %s does; set another file", f, other)
			}
			files[file] = strings.TrimPrefix(at, "spec.")
		}
	}
	return errs
}

func (s Secret) validate() config.Errors {
	errs := s.validateSource()
	errs = append(errs, config.Each("name", s.Name, config.SingleLine)...)
	if s.Version < 0 || s.Version > 2 {
		errs.Addf("version", "%d is no version of the key/value engine; use 1 or 2", s.Version)
	}
	errs = append(errs, config.All("keys", s.Keys, s.keyCheck())...)
	errs = append(errs, config.Each("format", s.Format, config.Word(formatFile, formatEnv, formatJSON, formatProperties, formatTemplate))...)
	if s.Format == formatTemplate && !s.templated() {
		errs.Addf("format", "template needs a text in template, or a templateFile")
	}
	if s.Format != "" && s.Format != formatTemplate && s.Path == "" {
		errs.Addf("format", "%s is for a secret with a path; drop it", s.Format)
	}
	errs = append(errs, s.validateDelimiters()...)
	errs = append(errs, config.Each("templateFile", s.TemplateFile, absolute)...)
	errs = append(errs, config.Each("file", s.file(), fileName)...)
	errs = append(errs, config.Each("fileMode", s.FileMode, config.FileMode)...)
	errs = append(errs, config.Each("dir", s.Dir, config.MountPath)...)
	errs = append(errs, config.All("command", s.Command)...)
	errs = append(errs, s.PKI.validate().Under("pki")...)
	if s.PKI == nil && s.Files != (PKIFiles{}) {
		errs.Addf("files", "belong to pki; name the file of this secret in file")
	}
	errs = append(errs, config.Each("files.certificate", s.Files.Certificate, fileName)...)
	errs = append(errs, config.Each("files.privateKey", s.Files.PrivateKey, fileName)...)
	return append(errs, config.Each("files.ca", s.Files.CA, fileName)...)
}

// validateSource: a secret is read at a path, rendered by a template, or issued.
func (s Secret) validateSource() config.Errors {
	var errs config.Errors
	var given []string
	for _, source := range []struct {
		name string
		set  bool
	}{{"path", s.Path != ""}, {"template", s.Template != ""}, {"templateFile", s.TemplateFile != ""}, {"pki", s.PKI != nil}} {
		if source.set {
			given = append(given, source.name)
		}
	}
	if len(given) != 1 {
		errs.Addf("", "needs one of path, template, templateFile and pki; it has %s", cmp.Or(strings.Join(given, " and "), "none"))
	}
	errs = append(errs, config.Each("path", s.Path, serverPath("secret/data/web"))...)
	if s.Path == "" && (len(s.Keys) > 0 || s.Version != 0) {
		errs.Addf("keys", "keys and version belong to a path; drop them")
	}
	return errs
}

func (s Secret) validateDelimiters() config.Errors {
	var errs config.Errors
	left, right := "{{", "}}"
	switch d := s.Delimiters; {
	case len(d) == 0:
	case len(d) != 2 || d[0] == "" || d[1] == "" || d[0] == d[1]:
		errs.Addf("delimiters", "needs two different texts, such as [\"[[\", \"]]\"]")
		return errs
	default:
		left, right = d[0], d[1]
	}
	if len(s.Delimiters) > 0 && !s.templated() {
		errs.Addf("delimiters", "belong to a template; drop them")
	}
	if unclosed(s.Template, left, right) {
		errs.Addf("template", "has a %s without a %s behind it", left, right)
	}
	return errs
}

// keyCheck: what is written as a variable has to have the name of one.
func (s Secret) keyCheck() config.Check {
	if s.Format == formatEnv {
		return shellName
	}
	return config.SingleLine
}

// unclosed reports whether an action of a template has no end. What stands between
// quotes or in comments ends none.
func unclosed(template, left, right string) bool {
	for {
		_, action, found := strings.Cut(template, left)
		if !found {
			return false
		}
		end := actionEnd(action, right)
		if end < 0 {
			return true
		}
		template = action[end:]
	}
}

// actionEnd is where the text behind an action begins; -1 when it has no end.
func actionEnd(action, right string) int {
	for i := 0; i < len(action); i++ {
		rest := action[i:]
		switch quote := rest[0]; {
		case strings.HasPrefix(rest, right):
			return i + len(right)
		case strings.HasPrefix(rest, "/*"):
			comment, _, ended := strings.Cut(rest, "*/")
			if !ended {
				return -1
			}
			i += len(comment) + 1
		case strings.IndexByte("\"'`", quote) >= 0:
			length := quoted(rest, quote)
			if length < 0 {
				return -1
			}
			i += length - 1
		}
	}
	return -1
}

// quoted is the length of a quoted text; -1 when it has no end.
func quoted(text string, quote byte) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == quote:
			return i + 1
		case text[i] == '\\' && quote != '`':
			i++
		}
	}
	return -1
}

func (p *PKI) validate() config.Errors {
	if p == nil {
		return nil
	}
	var errs config.Errors
	if p.Path == "" {
		errs.Addf("path", "missing; write where to issue, such as pki/issue/web")
	}
	errs = append(errs, config.Each("path", p.Path, serverPath("pki/issue/web"))...)
	if p.CommonName == "" {
		errs.Addf("commonName", "missing; write the name to certify, such as web.example.com")
	}
	errs = append(errs, config.Each("commonName", p.CommonName, hostName)...)
	errs = append(errs, config.All("altNames", p.AltNames, hostName)...)
	errs = append(errs, config.All("ipSans", p.IPSANs, address)...)
	return append(errs, config.Each("ttl", p.TTL, lifetime)...)
}

// envOnly reports whether a secret comes to the app as variables alone.
func (c *Config) envOnly(s Secret) bool {
	return s.Format == "" && s.File == "" && s.Path != "" && slices.ContainsFunc(c.Env, func(e Env) bool { return e.Secret == s.Name })
}

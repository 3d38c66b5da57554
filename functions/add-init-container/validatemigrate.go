package initcontainer

import (
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// imageVolumesFrom is the minor of Kubernetes 1.x from which images can be mounted
// as volumes without a feature gate (KEP-4639).
const imageVolumesFrom = 35

func (m *Migrate) validate(c *Config) config.Errors {
	var errs config.Errors
	if (m.Tool == "") == !m.UseAppImage {
		errs.Addf("tool", "name one of %s, or set useAppImage: true with a command, and not both", strings.Join(toolNames(), ", "))
	}
	errs = append(errs, config.Each("tool", m.Tool, config.Word(toolNames()...))...)
	errs = append(errs, m.DatabaseURL.Validate("databaseURL")...)
	errs = append(errs, m.Username.Validate("username")...)
	errs = append(errs, m.Password.Validate("password")...)
	if len(config.NoPassword("url", m.URL)) > 0 {
		errs.Addf("url", "a password in plain text; name the key of a Secret that holds it in password, or that holds the whole URL in databaseURL")
	} else {
		errs = append(errs, config.Each("url", m.URL, config.SingleLine)...)
	}
	errs = append(errs, config.Each("changelog", m.Changelog, fileName)...)
	errs = append(errs, config.NoPasswords("command", m.Command)...)
	errs = append(errs, config.NoPasswords("args", m.Args)...)
	errs = append(errs, config.LiteralSecrets(m.Env, "env")...)
	errs = append(errs, m.Source.validate(c).Under("source")...)
	return append(errs, m.validateUse(c)...)
}

// validateUse reports fields that are missing, or would do nothing.
func (m *Migrate) validateUse(c *Config) config.Errors {
	var errs config.Errors
	t, known := migrationTool(m.Tool)
	own := c.Container != nil && c.Container.Image != ""
	for _, f := range []struct {
		field           string
		set, fit, needs bool
		with            string
	}{
		{"command", len(m.Command) > 0, m.UseAppImage, m.UseAppImage, "useAppImage"},
		{"args", len(m.Args) > 0, known, false, "a tool"},
		{"source", m.Source != nil, known, known && !own, "a tool"},
		{"databaseURL", m.DatabaseURL != nil, known && m.URL == "", known && m.URL == "", "a tool, and without url"},
		{"url", m.URL != "", known && t.user != "", false, "flyway and liquibase"},
		{"username", m.Username != nil, known && t.user != "", false, "flyway and liquibase"},
		{"password", m.Password != nil, known && t.password != "", false, "flyway and liquibase"},
		{"changelog", m.Changelog != "", m.Tool == "liquibase", false, "liquibase"},
	} {
		if f.needs && !f.set {
			errs.Addf(f.field, "missing; %s", wanted(f.field))
		}
		if f.set && !f.fit {
			errs.Addf(f.field, "has a meaning only with %s; take it out", f.with)
		}
	}
	return errs
}

// wanted says how a field is written that is missing.
func wanted(field string) string {
	return map[string]string{
		"command":     "write what migrates, such as [python, manage.py, migrate, --noinput]",
		"source":      "name the configMap, the image or the volume that holds the migrations, or an image with the tool and the files in spec.container.image",
		"databaseURL": "name the key of a Secret that holds the URL, as in {name: db, key: url}",
	}[field]
}

func (s *MigrationSource) validate(c *Config) config.Errors {
	var errs config.Errors
	if s == nil {
		return errs
	}
	set := slices.DeleteFunc([]string{s.ConfigMap, s.Image, s.Volume}, func(name string) bool { return name == "" })
	switch {
	case len(set) != 1:
		errs.Addf("", "needs one of configMap, image and volume")
	case s.Path != "" && s.ConfigMap != "":
		errs.Addf("path", "has a meaning only with image and volume; take it out")
	case s.Image != "" && c.Minor() < imageVolumesFrom && c.Minor() > 0:
		errs.Addf("image", "images are mounted from Kubernetes 1.%d on, kubernetesVersion is %s; use a configMap, or an image with the tool and the files in spec.container.image", imageVolumesFrom, c.KubernetesVersion)
	}
	errs = append(errs, config.Each("configMap", s.ConfigMap, config.ObjectName)...)
	errs = append(errs, config.Each("image", s.Image, config.SingleLine)...)
	errs = append(errs, config.Each("volume", s.Volume, config.DNSLabel)...)
	return append(errs, config.Each("path", s.Path, cleanPath)...)
}

// cleanPath is an absolute path.
func cleanPath(text string) string {
	if !strings.HasPrefix(text, "/") || strings.Contains(text, "..") {
		return "is no path; begin it with /, without .."
	}
	return config.SingleLine(text)
}

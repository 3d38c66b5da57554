package exporter

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Credentials name a Secret in the workload's namespace, and the keys in it. The
// exporter gets them as variables, by reference.
type Credentials struct {
	// SecretName is the name of the Secret. Required by presets that cannot do
	// without.
	// +krm-sidecars:text=object-name
	SecretName string `json:"secretName,omitempty"`
	// UserKey is the key of the user's name. Default: that of the preset.
	// +krm-sidecars:text=data-key
	UserKey string `json:"userKey,omitempty"`
	// PasswordKey is the key of the password. Default: that of the preset.
	// +krm-sidecars:text=data-key
	PasswordKey string `json:"passwordKey,omitempty"`
	// APITokenKey is the key of an API key, for elasticsearch.
	// +krm-sidecars:text=data-key
	APITokenKey string `json:"apiTokenKey,omitempty"`
	// URIKey is the key of a whole connection string, user and password included,
	// for presets that take one; it replaces the user and the password. Default:
	// that of the preset.
	// +krm-sidecars:text=data-key
	URIKey string `json:"uriKey,omitempty"`
}

// role says what a key of the Secret holds.
type role string

// The roles, in the words of the config.
const (
	roleUser     role = "userKey"
	rolePassword role = "passwordKey"
	roleToken    role = "apiTokenKey"
	roleURI      role = "uriKey"
)

// login is a variable of an exporter that comes from the Secret.
type login struct {
	role role
	env  string
	key  string // default in the Secret; "" for a key that is used only when it is named
}

// key is the key that the user names for a role.
func (c Credentials) key(r role) string {
	return map[role]string{roleUser: c.UserKey, rolePassword: c.PasswordKey, roleToken: c.APITokenKey, roleURI: c.URIKey}[r]
}

func (c Credentials) set() bool { return c != Credentials{} }

// env returns the variables that bring the credentials to an exporter.
func (c Credentials) env(p preset) []corev1.EnvVar {
	if c.SecretName == "" {
		return nil
	}
	var env []corev1.EnvVar
	instead := c.URIKey != "" || c.APITokenKey != ""
	for _, l := range p.logins {
		key := c.key(l.role)
		if key == "" && !instead {
			key = l.key
		}
		if key != "" {
			env = append(env, (&config.SecretKey{Name: c.SecretName, Key: key}).Env(l.env))
		}
	}
	return env
}

// validate checks the credentials against what the preset takes.
func (c Credentials) validate(p preset) config.Errors {
	errs := config.Each("secretName", c.SecretName, config.ObjectName)
	if c.SecretName == "" && (p.needsLogin || c.set()) {
		errs.Addf("secretName", "missing; name the Secret that holds %s", p.loginKeys())
	}
	for _, r := range []role{roleUser, rolePassword, roleToken, roleURI} {
		key := c.key(r)
		errs = append(errs, config.Each(string(r), key, config.DataKey)...)
		if key != "" && !slices.ContainsFunc(p.logins, func(l login) bool { return l.role == r }) {
			errs.Addf(string(r), "preset %s takes none; it takes %s", p.name, p.loginRoles())
		}
	}
	if c.SecretName != "" && len(p.logins) == 0 {
		errs.Addf("secretName", "preset %s takes no credentials; take it out, or give variables in spec.container.env", p.name)
	}
	if (c.URIKey != "" || c.APITokenKey != "") && (c.UserKey != "" || c.PasswordKey != "") {
		errs.Addf("", "holds two ways to log in; keep userKey and passwordKey, or the other key")
	}
	return errs
}

// loginKeys lists the keys that a Secret has by default.
func (p preset) loginKeys() string {
	var keys []string
	for _, l := range p.logins {
		if l.key != "" {
			keys = append(keys, l.key)
		}
	}
	return strings.Join(keys, " and ")
}

// loginRoles lists the fields of credentials that the preset takes.
func (p preset) loginRoles() string {
	names := []string{"secretName"}
	for _, l := range p.logins {
		names = append(names, string(l.role))
	}
	if len(names) == 1 {
		return "no credentials"
	}
	return strings.Join(names, ", ")
}

package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

var (
	// reference is a value that Kubernetes fills in from another variable.
	reference = lazyre.New(`\$\([A-Za-z_][-A-Za-z0-9_.]*\)`)

	// switchText is no secret, whatever the name: ALLOW_EMPTY_PASSWORD=yes.
	switchText = lazyre.New(`(?i)^(true|false|yes|no|on|off)$`)

	urlPassword    = lazyre.New(`[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@]*:([^\s/@]+)@`)                                                                      // scheme://user:password@host
	dsnPassword    = lazyre.New(`^[^\s:@/]+:([^\s@]+)@(?:[a-z]+\(|\()`)                                                                                   // user:password@tcp(host)/db
	oraclePassword = lazyre.New(`(?i)jdbc:oracle:[a-z0-9]+:[^\s/@]+/([^\s@]+)@`)                                                                          // jdbc:oracle:thin:user/password@host
	signature      = lazyre.New(`(?i)[?&](?:x-amz-(?:signature|security-token)|x-goog-signature|sig|signature|token|access_token|api_?key)=([^\s&#'"]+)`) // signed URLs
	namedPassword  = lazyre.New(`(?i)(?:^|[\s;?&'"-])(?:password|passwd|pwd)=([^\s;&'"]+)`)                                                               // host=db password=...
)

// embedded are forms of a password inside of a longer value; the first group is
// the password.
func embedded() []func() *regexp.Regexp {
	return []func() *regexp.Regexp{urlPassword, dsnPassword, oraclePassword, signature, namedPassword}
}

// credentials are the words of names that hold secrets, one after the other
// where they are two.
func credentials() [][]string {
	return [][]string{
		{"password"}, {"passwd"}, {"passphrase"}, {"pwd"}, {"secret"}, {"token"}, {"credential"}, {"credentials"}, {"apikey"},
		{"api", "key"}, {"access", "key"}, {"private", "key"}, {"account", "key"}, {"encryption", "key"}, {"signing", "key"},
	}
}

// LiteralSecrets reports the variables that hold a secret as plain text: by
// their name, or because the value is a URL or a data source with a password
// in it. Messages never repeat a value. path is that of the list.
func LiteralSecrets(env []corev1.EnvVar, path string) Errors {
	var errs Errors
	for i, e := range env {
		switch at := fmt.Sprintf("%s[%d].value", path, i); {
		case hasPassword(e.Value):
			errs.Addf(at, hasOne, "PASSWORD")
		case e.Value != "" && isCredential(e.Name) && !reference().MatchString(e.Value) && !switchText().MatchString(e.Value):
			errs.Addf(at, isSecret, e.Name)
		}
	}
	return errs
}

// What to write instead of a secret.
const (
	asRef    = "valueFrom.secretKeyRef: {name: %s, valueFrom: {secretKeyRef: {name: my-secret, key: my-key}}}"
	isSecret = "a secret in plain text; use " + asRef
	hasOne   = "a password in plain text; write $(PASSWORD) in its place and add a variable with " + asRef
)

// literalSecretArgs reports passwords in a command line.
func literalSecretArgs(path string, args []string) Errors {
	var errs Errors
	for i, arg := range args {
		switch at := fmt.Sprintf("%s[%d]", path, i); {
		case hasPassword(arg):
			errs.Addf(at, hasOne, "PASSWORD")
		case isSecretFlag(arg):
			errs.Addf(at, "a secret in plain text; write $(NAME) in place of the value and add a variable with "+asRef, "NAME")
		}
	}
	return errs
}

// isSecretFlag reports whether an argument gives a flag a secret, as in
// --client-secret=abc. A flag that ends in
// secret may name an object.
func isSecretFlag(arg string) bool {
	flag, value, ok := strings.Cut(arg, "=")
	name := strings.TrimLeft(flag, "-")
	if !ok || name == flag || value == "" || strings.HasPrefix(value, "/") || reference().MatchString(value) || switchText().MatchString(value) {
		return false
	}
	words := strings.Split(name, "-")
	if slices.Contains([]string{"secret", "credential", "credentials"}, words[len(words)-1]) {
		return slices.Contains([]string{"client-secret", "cookie-secret"}, name)
	}
	return isCredential(name) && slices.ContainsFunc(credentials(), func(run []string) bool {
		return len(words) >= len(run) && slices.Equal(words[len(words)-len(run):], run)
	})
}

// hasPassword reports whether a password stands inside of value.
func hasPassword(value string) bool {
	return slices.ContainsFunc(embedded(), func(form func() *regexp.Regexp) bool {
		return slices.ContainsFunc(form().FindAllStringSubmatch(value, -1), func(m []string) bool {
			return !reference().MatchString(m[1])
		})
	})
}

// isCredential reports whether a variable of this name holds a secret, and not
// just where to find one, as DB_PASSWORD_FILE does.
func isCredential(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' || r == '-' || r == '.' })
	if len(words) == 0 || strings.EqualFold(name, "PWD") { // PWD is the working directory
		return false
	}
	switch words[len(words)-1] {
	case "file", "path", "dir", "name", "url", "uri", "endpoint", "ttl", "type", "enabled":
		return false
	}
	return slices.ContainsFunc(credentials(), func(run []string) bool { return containsRun(words, run) })
}

// holdsSecret reports whether a field of this name would hold a secret.
func holdsSecret(field string) bool {
	name := strings.ToLower(field)
	return slices.ContainsFunc([]string{"password", "passwd", "passphrase", "secret", "token", "apikey", "credential"}, func(word string) bool {
		return strings.Contains(name, word)
	})
}

func containsRun(words, run []string) bool {
	for i := range words {
		if len(words)-i >= len(run) && slices.Equal(words[i:i+len(run)], run) {
			return true
		}
	}
	return false
}

package lint

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// secretRules are about secrets that too many can read.
func secretRules() []rule {
	return []rule{{
		id: "SC025", name: "literal-secret", severity: pod.Error, check: literalSecrets,
		about:  "A password or token stands in the manifest as plain text.",
		remedy: "keep it in a Secret, and use valueFrom.secretKeyRef or a file",
	}, {
		id: "SC026", name: "tls-unverified", severity: pod.Error, check: unverified,
		about:  "A container talks to Vault without TLS, or does not verify who it talks to.",
		remedy: "use https, and give it the CA",
	}, {
		id: "SC038", name: "shared-processes", severity: pod.Warning, check: sharedProcesses,
		about:  "The containers of the pod see each other's processes, and with them the secrets of a sidecar.",
		remedy: "remove shareProcessNamespace, or keep the secrets in another pod",
	}}
}

var (
	// harmless are values that are no secrets, whatever their names: numbers,
	// durations, paths, and addresses without a password.
	harmless = lazyre.New(`^(?:\d+(?:ms|s|m|h|d)?|/[\w./-]*|https?://[^@]*)$`)
	// filled are places that something fills in before the value is used.
	filled = lazyre.New(`\$\{?[A-Za-z_]\w*\}?|\{\{[^}]*\}\}|<[\w -]+>`)
	// aside ends names of what is about a secret, and is none.
	aside = lazyre.New(`(?i)(?:^|[_.-])(?:audiences?|issuer|id|lifetime|expiry|expiration|expires|timeout|length|size|mode|policy|provider|headers?|format|algorithm|prefix|version|count|limit|interval|rotation|class|store|backend|engine|arn|ref|user|username|region|namespace|location|source|required|validation)$`)
)

func literalSecrets(s *subject) {
	for c := range s.all() {
		set := func(name string) bool { return isNamed(c.Env, name) }
		for _, e := range c.Env {
			if holdsSecret(e.Name, e.Value) && !isNameOfKey(e.Name, set) {
				s.findf(c.at+".env[name="+e.Name+"].value", "%s looks like a secret in plain text", e.Name)
			}
		}
		for i, w := range c.words() {
			if secretOption(w) || len(config.NoPasswords("", []string{w})) > 0 {
				s.findf(c.word(i), "a secret stands in the command line, where all who may see the pod read it")
			}
		}
	}
	s.configMaps()
}

// isNameOfKey reports whether an access key is the name of the secret key that
// stands beside it, as S3 has them.
func isNameOfKey(name string, beside func(string) bool) bool {
	key := strings.Replace(name, "ACCESS_KEY", "SECRET_KEY", 1)
	return key != name && beside(key)
}

// secretOption reports an option such as --password=hunter2.
func secretOption(w string) bool {
	name, value, ok := strings.Cut(strings.TrimLeft(w, "-"), "=")
	return ok && strings.HasPrefix(w, "-") && !strings.ContainsAny(w, " \n") && holdsSecret(name, value)
}

// configMaps finds secrets in the ConfigMaps that the pod uses.
func (s *subject) configMaps() {
	used := s.usedConfigMaps()
	for _, n := range s.view.Neighbours("ConfigMap") {
		data := n.Texts("data")
		has := func(key string) bool { return data[key] != "" }
		for _, key := range slices.Sorted(maps.Keys(data)) {
			if used[n.Name] && !strings.Contains(data[key], "\n") && holdsSecret(key, data[key]) && !isNameOfKey(key, has) {
				s.beside(n, "", fmt.Sprintf("data[%q]", key), "%s looks like a secret in plain text", key)
			}
		}
	}
}

// usedConfigMaps are the names of the ConfigMaps that the pod uses as a whole.
func (s *subject) usedConfigMaps() map[string]bool {
	used := map[string]bool{}
	for _, v := range s.spec.Volumes {
		if v.ConfigMap != nil {
			used[v.ConfigMap.Name] = true
		}
	}
	for c := range s.all() {
		for _, from := range c.EnvFrom {
			if from.ConfigMapRef != nil {
				used[from.ConfigMapRef.Name] = true
			}
		}
	}
	return used
}

// holdsSecret reports whether a value is a secret, by its name or its form.
func holdsSecret(name, value string) bool {
	if harmless().MatchString(value) || aside().MatchString(name) {
		return false
	}
	value = filled().ReplaceAllLiteralString(value, "$(FILLED)")
	return len(config.LiteralSecrets([]corev1.EnvVar{{Name: name, Value: value}}, "")) > 0
}

var (
	// blind are options that turn the verification of certificates off.
	blind = lazyre.New(`^--?(?:[a-z-]*(?:tls|ssl)-?(?:insecure-)?skip-verify|insecure-skip-(?:tls-)?verify|[a-z-]*insecure-skip-verify|kubelet-insecure-tls|tls-skip-verify)(?:=true|=1)?$`)
	// blindConfig is the same in configuration files.
	blindConfig = lazyre.New(`(?m)^\s*(?:tls_skip_verify|insecure_skip_verify|ssl_verify\s*=\s*false)\s*[:=]?\s*"?(?:true)?"?\s*$`)
	localhost   = lazyre.New(`^http://(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/]|$)`)
	truth       = lazyre.New(`(?i)^(1|true|yes|t)$`)
	untruth     = lazyre.New(`(?i)^(0|false|no|f)$`)
)

// blindVariables are variables that turn it off, and the values that do.
func blindVariables() map[string]func() *regexp.Regexp {
	return map[string]func() *regexp.Regexp{
		"VAULT_SKIP_VERIFY": truth, "BAO_SKIP_VERIFY": truth, "GIT_SSL_NO_VERIFY": truth, "CONSUL_HTTP_SSL_VERIFY": untruth,
		"NODE_TLS_REJECT_UNAUTHORIZED": untruth, "PYTHONHTTPSVERIFY": untruth,
	}
}

func unverified(s *subject) {
	for c := range s.all() {
		for _, e := range c.Env {
			if problem := blindVariable(e); problem != "" {
				s.findf(c.at+".env[name="+e.Name+"].value", "%s", problem)
			}
		}
		for i, w := range c.words() {
			if blind().MatchString(w) {
				s.findf(c.word(i), "%s turns the verification of certificates off", w)
			}
		}
		s.blindCalls(c)
	}
	s.vaultAnnotations()
}

// blindVariable says how a variable keeps a program from verifying.
func blindVariable(e corev1.EnvVar) string {
	values := blindVariables()[e.Name]
	switch {
	case values != nil && values().MatchString(e.Value):
		return "turns the verification of certificates off"
	case (e.Name == "VAULT_ADDR" || e.Name == "BAO_ADDR") && plain(e.Value):
		return "sends the token of Vault without TLS"
	}
	return ""
}

// plain reports an address without TLS, elsewhere than in the pod.
func plain(address string) bool {
	return strings.HasPrefix(address, "http://") && !localhost().MatchString(address)
}

// blindCalls finds commands and files that do not verify.
func (s *subject) blindCalls(c container) {
	if parsed, at, ok := c.script(); ok {
		for _, call := range parsed.calls {
			if call.name() == "curl" && call.has("k", "insecure") || call.name() == "wget" && call.has("", "no-check-certificate") {
				s.findf(at, "%s does not verify who it talks to", call.name())
			}
		}
	}
	for _, f := range s.files(c) {
		if c.role() == secrets && blindConfig().MatchString(f.text) {
			s.beside(f.in, "", f.at, "turns the verification of certificates off")
		}
	}
}

// vaultAnnotations are those of Vault's own injector.
func (s *subject) vaultAnnotations() {
	for _, prefix := range []string{"vault.hashicorp.com/", "openbao.org/"} {
		if s.view.Annotations[prefix+"tls-skip-verify"] == "true" {
			s.findf(`metadata.annotations["`+prefix+`tls-skip-verify"]`, "turns the verification of certificates off")
		}
		if address := s.view.Annotations[prefix+"service"]; plain(address) {
			s.findf(`metadata.annotations["`+prefix+`service"]`, "sends the token of Vault without TLS")
		}
	}
}

func sharedProcesses(s *subject) {
	if !s.view.ShareProcesses {
		return
	}
	for _, c := range s.helpers() {
		if !c.plainInit() && s.holdsSecrets(c) {
			s.findf("spec.shareProcessNamespace", "lets the other containers read the secrets of %s", c.Name)
		}
	}
}

// holdsSecrets reports whether a container has secrets in variables or files.
func (s *subject) holdsSecrets(c container) bool {
	ofSecret := func(e corev1.EnvVar) bool { return e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil }
	if slices.ContainsFunc(c.Env, ofSecret) || slices.ContainsFunc(c.EnvFrom, func(f corev1.EnvFromSource) bool { return f.SecretRef != nil }) {
		return true
	}
	return slices.ContainsFunc(s.spec.Volumes, func(v corev1.Volume) bool { return v.Secret != nil && c.mounts(v.Name) })
}

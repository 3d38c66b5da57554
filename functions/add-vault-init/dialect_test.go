package vaultinit

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

const (
	webhookConfig = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddVaultInit
metadata:
  name: webhook
spec:
  address: https://vault.vault.svc:8200
  fromAnnotations: true
  allowInsecure: true
`
	webhookPod = `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    vault.hashicorp.com/agent-inject: "true"
ANNOTATIONS
spec:
  serviceAccountName: web
  initContainers:
  - name: migrate
    image: shop/migrate:1.4
  containers:
  - name: app
    image: shop/web:1.4
    volumeMounts:
    - name: token
      mountPath: /run/token
  - name: worker
    image: shop/worker:1.4
    securityContext:
      runAsUser: 1000
  volumes:
  - name: token
    projected:
      sources:
      - serviceAccountToken:
          path: vault.jwt
`
)

// sample is a value of an annotation that has an effect, with what it needs.
type sample struct {
	value string
	with  []string // other annotations, as name: value
}

// samples are by the names of annotations; those with a name at their end have
// the sample named web.
func samples() map[string]sample {
	return map[string]sample{
		asksKey: {value: "false"}, statusKey: {value: injected}, "agent-request-namespace": {value: "shop"},

		"agent-inject-secret": {value: "secret/data/other"}, "agent-inject-template": {value: "text"},
		"agent-inject-template-file": {value: "/run/token/web.tmpl"},
		"agent-template-left-delim":  {"[[", []string{"agent-inject-template-web: text"}},
		"agent-template-right-delim": {"]]", []string{"agent-inject-template-web: text"}},
		"agent-inject-file":          {value: "web.txt"}, "agent-inject-perms": {value: "0440"}, "agent-inject-command": {value: "true"},
		"error-on-missing-key": {value: "true"}, "secret-volume-path": {value: "/etc/web"},
		"preserve-secret-case":          {"true", []string{"agent-inject-secret-WEB: secret/data/upper", "preserve-secret-case-web: true"}},
		"agent-inject-default-template": {value: "json"}, "agent-inject-token": {value: "true"},

		"agent-image": {value: "vault:1"}, "agent-inject-containers": {value: "app"}, "agent-init-first": {value: "true"},
		"agent-pre-populate": {value: "false"}, "agent-pre-populate-only": {value: "true"}, "agent-configmap": {value: "agent"},
		"agent-extra-secret": {value: "extra"}, "agent-copy-volume-mounts": {value: "app"}, "agent-share-process-namespace": {value: "true"},
		"agent-json-patch":      {value: `[{"op":"add","path":"/tty","value":true}]`},
		"agent-init-json-patch": {value: `[{"op":"add","path":"/tty","value":true}]`},
		"agent-limits-cpu":      {value: "1"}, "agent-limits-mem": {value: "1Gi"}, "agent-limits-ephemeral": {value: "1Gi"},
		"agent-requests-cpu": {value: "1m"}, "agent-requests-mem": {value: "1Mi"}, "agent-requests-ephemeral": {value: "1Mi"},
		"go-max-procs": {value: "2"}, "agent-run-as-user": {value: "1000"}, "agent-run-as-group": {value: "2000"},
		"agent-run-as-same-user": {value: "true"}, "agent-set-security-context": {value: "false"},

		"service": {value: "https://vault.example.com"}, "namespace": {value: "team-a"}, "role": {value: "other"},
		"auth-type": {value: "jwt"}, "auth-path": {value: "auth/other"}, "auth-config": {value: "x"},
		"auth-min-backoff": {value: "2s"}, "auth-max-backoff": {value: "2m"}, "agent-auto-auth-exit-on-err": {value: "true"},
		"agent-service-account-token-volume-name": {value: "token"}, "proxy-address": {value: "http://proxy:3128"},
		"client-timeout": {value: "30"}, "client-max-retries": {value: "3"}, "tls-skip-verify": {value: "true"},
		"tls-server-name": {value: "vault"}, "tls-secret": {value: "tls"}, "ca-cert": {value: "/vault/tls/ca.crt"}, "ca-key": {value: "/vault/tls"},
		"client-cert": {value: "/vault/tls/tls.crt"}, "client-key": {value: "/vault/tls/tls.key"},

		"log-level": {value: "debug"}, "log-format": {value: "json"}, "agent-telemetry": {value: "x"},
		"agent-disable-idle-connections": {value: "caching"}, "agent-disable-keep-alives": {value: "caching"},
		"template-config-exit-on-retry-failure": {value: "false"}, "template-static-secret-render-interval": {value: "1m"},
		"template-max-connections-per-host": {value: "1"}, "template-lease-renewal-threshold": {value: "0.5"},
		"agent-cache-enable": {value: "true"}, "agent-enable-quit": {value: "true"},
		"agent-cache-listener-port":       {"8300", []string{"agent-cache-enable: true"}},
		"agent-cache-use-auto-auth-token": {"force", []string{"agent-cache-enable: true"}},
		"agent-cache-exit-on-err":         {value: "true"},
		"agent-revoke-on-shutdown":        {value: "true"},
		"agent-revoke-grace":              {"10", []string{"agent-revoke-on-shutdown: true"}},
	}
}

// annotated runs the function over a pod with annotations, and returns what it
// makes of it but for the annotations.
func annotated(t *testing.T, lines ...string) (string, krm.Report) {
	t.Helper()
	text := map[string]string{"role": "web", "agent-inject-secret-web": "secret/data/web"}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		text[name] = value
	}
	var b strings.Builder
	for name, value := range text {
		if name != asksKey {
			b.WriteString("    vault.hashicorp.com/" + name + ": '" + value + "'\n")
		}
	}
	in := strings.Replace(webhookPod, "ANNOTATIONS\n", b.String(), 1)
	if value, there := text[asksKey]; there {
		in = strings.Replace(in, `agent-inject: "true"`, `agent-inject: "`+value+`"`, 1)
	}
	out, report := fntest.Run(t, fntest.Instances(t, []krm.Function{Function()}, webhookConfig), in)
	kept := slices.DeleteFunc(strings.Split(out, "\n"), func(line string) bool { return strings.HasPrefix(line, "    vault.hashicorp.com/") })
	return strings.Join(kept, "\n"), report
}

// Every annotation of the table changes what comes out, or is refused by name.
func TestEveryAnnotationCounts(t *testing.T) {
	all := samples()
	for _, row := range annotations() {
		s, ok := all[row.name]
		if !ok {
			t.Errorf("%s: no sample", row.name)
			continue
		}
		delete(all, row.name)
		for _, name := range spellings(row) {
			t.Run(name, func(t *testing.T) { counts(t, name, s) })
		}
	}
	for name := range all {
		t.Errorf("%s: a sample of no annotation", name)
	}
}

func spellings(row annotation) []string {
	return map[naming][]string{unnamed: {row.name}, named: {row.name + "-web"}, either: {row.name, row.name + "-WEB"}}[row.named]
}

func counts(t *testing.T, name string, s sample) {
	t.Helper()
	if name == "secret-volume-path-WEB" {
		name = "secret-volume-path-web"
	}
	without, _ := annotated(t, s.with...)
	with, report := annotated(t, append(s.with, name+": "+s.value)...)
	if (name == asksKey || name == statusKey) && !report.Failed() && report.Changed() == 0 {
		return // left alone, as asked
	}
	refused := slices.ContainsFunc(report.Results, func(r krm.Result) bool {
		return r.Severity == pod.Error && strings.HasSuffix(r.Field, `/`+name+`"]`)
	})
	switch {
	case report.Failed() && !refused:
		t.Errorf("refused, but not by name: %v", report.Results)
	case !report.Failed() && with == without:
		t.Errorf("without effect:\n%s", with)
	}
}

// The manual has a row for each annotation, and for no other.
func TestManualOfAnnotations(t *testing.T) {
	manual, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(manual), "## The annotation dialect\n")
	if !found {
		t.Fatal("no section")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var told, known []string
	for _, m := range regexp.MustCompile("(?m)^\\| (`.*?) \\|").FindAllStringSubmatch(section, -1) {
		for name := range strings.SplitSeq(m[1], ", ") {
			told = append(told, strings.Trim(name, "`"))
		}
	}
	for _, row := range annotations() {
		known = append(known, row.name+map[naming]string{named: "-<name>", either: "[-<name>]"}[row.named])
	}
	slices.Sort(told)
	slices.Sort(known)
	if diff := cmp.Diff(known, told); diff != "" {
		t.Errorf("the table of the manual (-known +told):\n%s", diff)
	}
}

func TestNames(t *testing.T) {
	for text, want := range map[string][2]string{
		"agent-inject-template-file-web": {"agent-inject-template-file", "web"},
		"agent-inject-template-web":      {"agent-inject-template", "web"},
		"agent-inject-template-filed":    {"agent-inject-template", "filed"},
		"secret-volume-path":             {"secret-volume-path", ""},
		"secret-volume-path-a-b":         {"secret-volume-path", "a-b"},
		"role-web":                       {"", ""},
		"agent-inject-secret-":           {"", ""},
		"agent-inject-secret":            {"", ""},
	} {
		got, _ := lookUp(annotations(), text)
		if got.row.name != want[0] || got.name != want[1] {
			t.Errorf("%s is %q of %q, want %q of %q", text, got.row.name, got.name, want[0], want[1])
		}
	}
}

func TestTruth(t *testing.T) {
	for text, want := range map[string]bool{"1": true, "t": true, "T": true, "true": true, "TRUE": true, "True": true,
		"0": false, "f": false, "F": false, "false": false, "FALSE": false, "False": false, "": false} {
		if on, wrong := truth(text); on != want || wrong != "" {
			t.Errorf("%q is %v, %s", text, on, wrong)
		}
	}
	for _, text := range []string{"yes", "on", "ture", "2"} {
		if _, wrong := truth(text); wrong == "" {
			t.Errorf("%q is taken", text)
		}
	}
}

// Pods of one config do not get each other's annotations, in whatever order they
// come.
func TestPodsAreApart(t *testing.T) {
	pod := func(name, more string) string {
		return strings.NewReplacer("name: web\n", "name: "+name+"\n", "ANNOTATIONS\n",
			"    vault.hashicorp.com/role: "+name+"\n    vault.hashicorp.com/agent-inject-secret-"+name+": secret/data/"+name+"\n"+more).Replace(webhookPod)
	}
	one := pod("one", "    vault.hashicorp.com/agent-telemetry-x: y\n    vault.hashicorp.com/agent-image: other\n    vault.hashicorp.com/agent-enable-quit: 'true'\n")
	two := pod("two", "")
	config := fntest.Instances(t, []krm.Function{Function()}, webhookConfig+"  agent:\n    telemetry: {a: b}\n    listener: {}\n  container:\n    env: [{name: A, value: b}]\n")
	alone, _ := fntest.Run(t, config, two)
	both, _ := fntest.Run(t, config, one+"---\n"+two)
	if !strings.Contains(both, strings.SplitN(alone, "---\n", 2)[0]) {
		t.Error(cmp.Diff(alone, both))
	}
}

// The role stands in either annotation; both count more than the config's.
func TestRole(t *testing.T) {
	for text, want := range map[string]string{
		"": "fallback",
		"    vault.hashicorp.com/auth-config-role: setting\n":                                         "setting",
		"    vault.hashicorp.com/role: own\n    vault.hashicorp.com/auth-config-role: setting\n":      "own",
		"    vault.hashicorp.com/auth-type: aws\n    vault.hashicorp.com/auth-config-role: setting\n": "setting",
	} {
		in := strings.Replace(webhookPod, "ANNOTATIONS\n", "    vault.hashicorp.com/agent-inject-secret-web: secret/data/web\n"+text, 1)
		out, report := fntest.Run(t, fntest.Instances(t, []krm.Function{Function()}, webhookConfig+"  role: fallback\n"), in)
		if !strings.Contains(out, `"role": "`+want+`"`) {
			t.Errorf("%s: not %s: %v", text, want, report.Results)
		}
	}
}

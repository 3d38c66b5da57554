package vaultinit_test

import (
	"fmt"
	"strings"
	"testing"

	vaultinit "github.com/krm-sidecars/krm-sidecars/functions/add-vault-init"
	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

const web = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: web
  containers:
  - name: app
    image: shop/web:1.4
`

// run runs specs, each a config of its own, over a pod.
func run(t *testing.T, specs ...string) (string, krm.Report) {
	t.Helper()
	var configs strings.Builder
	for i, spec := range specs {
		fmt.Fprintf(&configs, "---\n%s  %s\n", strings.Replace(header, "name: web", fmt.Sprintf("name: web-%d", i), 1), strings.ReplaceAll(spec, "\n", "\n  "))
	}
	return fntest.Promises(t, fntest.Instances(t, []krm.Function{vaultinit.Function()}, configs.String()), web)
}

const server = "address: https://vault.vault.svc:8200\nrole: web\n"

// The injector's webhook hands its agent the config in a variable, for which 200
// secrets are too many.
func TestManySecrets(t *testing.T) {
	var secrets strings.Builder
	for i := range 200 {
		fmt.Fprintf(&secrets, "- {path: secret/data/web/%d, name: secret-%d, template: '{{ with secret \"secret/data/web/%d\" }}%s{{ end }}'}\n", i, i, i, strings.Repeat("x", 1000))
	}
	secrets.WriteString("- {path: secret/data/Last, name: Last}\n- {path: secret/data/last, name: last}\n")
	spec := server + "mode: native\nsecrets:\n" + strings.ReplaceAll(secrets.String(), "path: secret/data/web", "file: web")
	out, report := run(t, spec)
	if report.Failed() || !strings.Contains(out, "/vault/secrets/web/199") || strings.Index(out, "/vault/secrets/Last") > strings.Index(out, "/vault/secrets/last") {
		t.Errorf("200 secrets and two that differ in case: %v", report.Results)
	}
	big := strings.Repeat("- {name: NAME, template: "+strings.Repeat("x", 20_000)+"}\n", 60)
	for i := range 60 {
		big = strings.Replace(big, "NAME", fmt.Sprintf("s%d", i), 1)
	}
	if _, report = run(t, server+"secrets:\n"+big); !fntest.Has(report, pod.ObjectConflict) {
		t.Errorf("a config above 1 MiB is not refused: %v", report.Results)
	}
}

// Two configs without paths of their own would both write to the same place.
func TestTwoConfigsWithOnePath(t *testing.T) {
	spec := server + "secrets: [{path: secret/data/web}]"
	if _, report := run(t, spec, spec); !fntest.Has(report, pod.MountPathConflict) {
		t.Errorf("no conflict: %v", report.Results)
	}
}

// The lines that the agent's user, the mode of files and the group of a pod come
// from, and what they lead to.
func TestAccess(t *testing.T) {
	const secrets = "secrets: [{path: secret/data/web}]\n"
	for name, c := range map[string]struct{ spec, security, want string }{
		"unknown":        {server + secrets, "", "runAsUser: 100 0644"},
		"user":           {server + secrets, "runAsUser: 1000", "runAsUser: 1000 0640"},
		"root":           {server + secrets, "runAsUser: 0", "runAsUser: 100 0644"},
		"group":          {server + secrets, "fsGroup: 2000", "runAsUser: 100 0640"},
		"group to set":   {server + "fsGroup: 2000\n" + secrets, "runAsNonRoot: true", "runAsUser: 100 0640"},
		"user and group": {server + secrets, "runAsUser: 1000, runAsGroup: 3000", "runAsUser: 1000 0640"},
		"openshift":      {server + "platform: openshift\n" + secrets, "", " 0640"},
	} {
		t.Run(name, func(t *testing.T) {
			src := strings.Replace(web, "  containers:", "  securityContext: {"+c.security+"}\n  containers:", 1)
			out, report := fntest.Run(t, fntest.Instances(t, []krm.Function{vaultinit.Function()}, header+"  "+strings.ReplaceAll(c.spec, "\n", "\n  ")), src)
			if report.Failed() {
				t.Fatal(report.Results)
			}
			_, agent, _ := strings.Cut(out, "vault-agent-init")
			user, mode := line(agent, "runAsUser:"), line(agent, `"perms":`)
			if got := user + " " + strings.Trim(strings.TrimPrefix(mode, `"perms": `), `",`); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Files that all users may read are told of, with what helps.
func TestFilesForAll(t *testing.T) {
	const (
		secrets = "secrets: [{path: secret/data/web}]\n"
		env     = secrets + "env: [{name: TOKEN, secret: web, key: token}]\n"
		helps   = "set spec.fsGroup, or securityContext.runAsUser of the pod, to have mode 0640"
	)
	for name, c := range map[string]struct{ spec, security, want string }{
		"files":                  {secrets, "", helps},
		"files of a group":       {secrets, "fsGroup: 2000", ""},
		"a token":                {"agent: {tokenFile: token}\n", "", helps},
		"variables":              {env, "", ""},
		"variables for a shell":  {env + "envWrap: {entrypoints: {app: [web]}}\n", "", helps},
		"the same with a user":   {env + "envWrap: {entrypoints: {app: [web]}}\n", "runAsUser: 1000", ""},
		"a mesh chose the user":  {secrets + "mesh: {name: istio, uid: true}\n", "runAsUser: 1000", "set spec.fsGroup, to have mode 0640"},
		"a mode of the config's": {"secrets: [{path: secret/data/web, fileMode: '0644'}]\n", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			src := strings.Replace(web, "  containers:", "  securityContext: {"+c.security+"}\n  containers:", 1)
			spec := strings.ReplaceAll(strings.TrimSpace(server+c.spec), "\n", "\n  ")
			_, report := fntest.Run(t, fntest.Instances(t, []krm.Function{vaultinit.Function()}, header+"  "+spec), src)
			var got string
			for _, r := range report.Results {
				if r.Code == pod.SecretReadableByAll {
					got = r.Message
				}
			}
			if report.Failed() || (got == "") != (c.want == "") || !strings.HasSuffix(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// line returns the first line that begins with a text, "" when there is none.
func line(text, begin string) string {
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); strings.HasPrefix(l, begin) {
			return l
		}
	}
	return ""
}

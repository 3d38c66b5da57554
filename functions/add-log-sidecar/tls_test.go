package logsidecar_test

import (
	"strings"
	"testing"
)

// TestTLS checks that no output ignores how it is to check certificates.
func TestTLS(t *testing.T) {
	with := func(agent, to, tls string) string {
		return run(t, strings.Replace(pairSpec(agent, to), ca, tls, 1)).text()
	}
	for agent, pairs := range agents() {
		for to := range strings.FieldsSeq(pairs) {
			if !strings.Contains(destinations()[to], ca) {
				continue
			}
			plain := with(agent, to, "tls: {}")
			if text := with(agent, to, ca); !strings.Contains(text, "/etc/log-sidecar/tls/ca.crt") {
				t.Errorf("%s to %s: no certificate authority in\n%s", agent, to, text)
			}
			if text := with(agent, to, "tls: {insecureSkipVerify: true, allowInsecure: true}"); text == plain {
				t.Errorf("%s to %s: insecureSkipVerify changes nothing in\n%s", agent, to, text)
			}
			named := strings.Replace(pairSpec(agent, to), ca, "tls: {serverName: logs.example.com}", 1)
			if isTaken(named) && !strings.Contains(run(t, named).text(), "logs.example.com") {
				t.Errorf("%s to %s: serverName is not heeded", agent, to)
			}
		}
	}
}

// TestAuthority checks that the certificate authority is mounted from where the
// config says it is.
func TestAuthority(t *testing.T) {
	for _, kind := range []string{"secret", "configMap"} {
		m := run(t, to("vector", `{loki: {url: "https://loki", tls: {ca: {`+kind+`: {name: logs-ca, key: ca.pem, optional: true}}}}}`))
		for _, v := range m.deployment.Spec.Template.Spec.Volumes {
			switch {
			case v.Name != "log-sidecar-ca":
			case kind == "secret" && v.Secret.SecretName == "logs-ca" && v.Secret.Items[0].Key == "ca.pem" && *v.Secret.Optional:
			case kind == "configMap" && v.ConfigMap.Name == "logs-ca" && v.ConfigMap.Items[0].Path == "ca.crt" && *v.ConfigMap.Optional:
			default:
				t.Errorf("%s: %+v", kind, v)
			}
		}
		if mounts := m.sidecar().VolumeMounts; mounts[2].Name != "log-sidecar-ca" || !mounts[2].ReadOnly || mounts[2].MountPath != "/etc/log-sidecar/tls" {
			t.Errorf("%s: %+v", kind, mounts)
		}
	}
}

package sidecar_test

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// TestPodSecurity: what "restricted" forbids is told by the field that says it,
// and nothing else is.
func TestPodSecurity(t *testing.T) {
	for field, says := range map[string]string{
		"":                          "readinessProbe: {httpGet: {path: /, port: 1}}, securityContext: {runAsUser: 1, seLinuxOptions: {type: container_t}, procMount: Default}",
		"securityContext.procMount": "securityContext: {procMount: Unmasked}",
		"securityContext.allowPrivilegeEscalation": "securityContext: {allowPrivilegeEscalation: true}",
		"securityContext.privileged":               "securityContext: {privileged: true}",
		"securityContext.capabilities.add":         "securityContext: {capabilities: {add: [SYS_ADMIN]}}",
		"securityContext.capabilities.drop":        "securityContext: {capabilities: {drop: [CHOWN]}}",
		"securityContext.seccompProfile":           "securityContext: {seccompProfile: {type: Unconfined}}",
		"securityContext.appArmorProfile":          "securityContext: {appArmorProfile: {type: Unconfined}}",
		"securityContext.seLinuxOptions":           "securityContext: {seLinuxOptions: {role: sysadm_r}}",
		"securityContext.runAsUser":                "securityContext: {runAsUser: 0}",
		"securityContext.runAsNonRoot":             "securityContext: {runAsNonRoot: false}",
		"ports":                                    "ports: [{containerPort: 1, hostPort: 1}]",
		"livenessProbe":                            "livenessProbe: {tcpSocket: {host: 127.0.0.1, port: 1}}",
		"readinessProbe":                           "readinessProbe: {httpGet: {host: localhost, port: 1}}",
		"startupProbe":                             "startupProbe: {tcpSocket: {host: 127.0.0.1, port: 1}}",
		"lifecycle":                                "lifecycle: {preStop: {httpGet: {host: localhost, port: 1}}}",
	} {
		_, report := fntest.Run(t, configured(t, "agent", "container: {name: agent, image: 'agent:1.4.2', "+says+"}"), shop)
		var told []string
		for _, r := range report.Results {
			if r.Code == pod.PodSecurity {
				told = append(told, strings.TrimPrefix(strings.Fields(r.Message)[0], "spec.container."))
			}
		}
		if got := strings.Join(told, " "); report.Failed() || got != field {
			t.Errorf("%s: told of %q, not of %q: %v", says, got, field, report.Results)
		}
	}
}

package vaultinit

import (
	"fmt"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// checkPod tells what about the pod may keep its secrets away.
func (p *plan) checkPod() {
	if p.Auth.needsRole() && (p.view.ServiceAccount == "" || p.view.ServiceAccount == "default") {
		p.find(pod.Warning, pod.ServiceAccountDefault, fmt.Sprintf("the pod runs as the service account default, which every pod of the namespace may; set serviceAccountName, and bind the role %s to it", p.Role))
	}
	if p.Mode == modeNative && p.view.PlainOnly {
		p.find(pod.Error, pod.NativeNotSupported, p.view.Object.Kind+" takes no native sidecars; set spec.mode: init+sidecar")
	}
	if p.Mode == modeInit && !p.view.Finite() {
		p.checkRenewal()
	}
	if a := p.Agent; a.RevokeOnShutdown {
		grace := int64(30)
		if p.view.GracePeriod != nil {
			grace = *p.view.GracePeriod
		}
		if *a.RevokeGraceSeconds >= grace {
			p.find(pod.Warning, pod.GracePeriodShort, fmt.Sprintf("the pod has %d seconds to end, and the agent waits %d before it gives its token back; lower spec.agent.revokeGraceSeconds, or raise terminationGracePeriodSeconds", grace, *a.RevokeGraceSeconds))
		}
	}
}

// checkRenewal tells of certificates that nothing renews.
func (p *plan) checkRenewal() {
	for i, s := range p.Secrets {
		if s.PKI != nil {
			valid := s.PKI.TTL
			if valid == "" {
				valid = "as long as the role says"
			}
			p.find(pod.Warning, pod.SecretNotRenewed, fmt.Sprintf("the certificate of spec.secrets[%d] is valid for %s, and mode init does not renew it in a pod that lives longer; use mode init+sidecar or native", i, valid))
		}
	}
}

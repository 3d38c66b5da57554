package initcontainer

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// grant lets the pod's service account do something in its namespace. more is part
// of the objects' name.
func (p *plan) grant(more string, rules ...rbacv1.PolicyRule) {
	if p.namespace() == "" {
		p.Findf(pod.Error, pod.InvalidConfig, "a RoleBinding has to name the namespace of the pods, and the manifest has none; set spec.namespace")
		return
	}
	name := p.object()
	if more != "" {
		name = inject.Label(name, more)
	}
	p.Injection.Grant(name, p.serviceAccount(), p.namespace(), rules...)
}

package initcontainer

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

const rbacGroup = "rbac.authorization.k8s.io"

// grant lets the pod's service account do something in its namespace. more is part
// of the objects' name.
func (p *plan) grant(more string, rules ...rbacv1.PolicyRule) {
	if p.namespace() == "" {
		p.findf(pod.Error, pod.InvalidConfig, "a RoleBinding has to name the namespace of the pods, and the manifest has none; set spec.namespace")
		return
	}
	name := p.object()
	if more != "" {
		name = inject.Label(name, more)
	}
	subject := rbacv1.Subject{Kind: "ServiceAccount", Name: p.serviceAccount(), Namespace: p.namespace()}
	p.inj.Objects = append(p.inj.Objects,
		inject.Object{APIVersion: rbacGroup + "/v1", Kind: "Role", Name: name, Content: struct {
			Rules []rbacv1.PolicyRule `json:"rules"`
		}{rules}},
		inject.Object{APIVersion: rbacGroup + "/v1", Kind: "RoleBinding", Name: name, Content: struct {
			RoleRef  rbacv1.RoleRef   `json:"roleRef"`
			Subjects []rbacv1.Subject `json:"subjects"`
		}{rbacv1.RoleRef{APIGroup: rbacGroup, Kind: "Role", Name: name}, []rbacv1.Subject{subject}}},
	)
}

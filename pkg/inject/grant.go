package inject

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

const rbacGroup = "rbac.authorization.k8s.io"

// Grant generates a Role and a RoleBinding of one name, which let a ServiceAccount
// of a namespace do something there. A RoleBinding has to name the namespace of
// its subject, which must be known.
func (inj *Injection) Grant(name, account, namespace string, rules ...rbacv1.PolicyRule) {
	inj.Objects = append(inj.Objects,
		Object{APIVersion: rbacGroup + "/v1", Kind: "Role", Name: name, Content: struct {
			Rules []rbacv1.PolicyRule `json:"rules"`
		}{rules}},
		Object{APIVersion: rbacGroup + "/v1", Kind: "RoleBinding", Name: name, Content: struct {
			RoleRef  rbacv1.RoleRef   `json:"roleRef"`
			Subjects []rbacv1.Subject `json:"subjects"`
		}{
			rbacv1.RoleRef{APIGroup: rbacGroup, Kind: "Role", Name: name},
			[]rbacv1.Subject{{Kind: "ServiceAccount", Name: account, Namespace: namespace}},
		}})
}

// NeedsToken reports that a container, told by what it is, asks the API server and
// gets no token for it.
func (d *Draft) NeedsToken(who string) {
	if where := d.View.NoToken(); where != "" {
		d.Findf(pod.Error, pod.TokenNotMounted, "automountServiceAccountToken of %s is false, and %s needs the token to ask the API server; set it to true in the pod", where, who)
	}
}

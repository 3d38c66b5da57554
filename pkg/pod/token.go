package pod

import (
	"cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// NoToken tells where it says that the containers of the pod get no token of their
// ServiceAccount: the pod, or else the ServiceAccount, where the input holds it. It
// is "" where they get one.
func (v *View) NoToken() string {
	account := cmp.Or(v.ServiceAccount, "default")
	switch {
	case v.Automount != nil && *v.Automount:
		return ""
	case v.Automount != nil:
		return "the pod"
	}
	for _, n := range v.Neighbours("ServiceAccount") {
		if mounts, ok := n.Root.Get("automountServiceAccountToken"); n.Name == account && ok && mounts.Equal(edit.Value{Kind: edit.Bool, Text: "false"}) {
			return "ServiceAccount " + account
		}
	}
	return ""
}

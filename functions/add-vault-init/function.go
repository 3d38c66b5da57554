package vaultinit

import (
	_ "embed"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

var (
	//go:embed README.md
	readme string
	//go:embed example.yaml
	example string
	//go:embed schema.json
	schema string
	//go:embed metadata.yaml
	metadata string
)

// Function returns add-vault-init.
func Function() krm.Function {
	return krm.Function{
		Name: "add-vault-init", Kind: "AddVaultInit",
		Short:  "Brings secrets of Vault or OpenBao to an app.",
		Readme: readme, Example: example, Schema: schema, Metadata: metadata,
		New: func() krm.Spec { return &Config{} },
	}
}

// Injection returns the agents that render the secrets, and what the app needs to
// see them.
func (c *Config) Injection(v *pod.View, owner inject.Owner) (*inject.Injection, []pod.Finding) {
	if c.FromAnnotations {
		return c.injectionFromAnnotations(v, owner)
	}
	if key := asksWebhook(v); key != "" {
		return nil, []pod.Finding{{Severity: pod.Error, Code: pod.DoubleInjection, Field: v.Path.String(),
			Message: "the annotation " + key + " has a webhook of the cluster inject an agent, too; remove it, or set spec.fromAnnotations: true to have what it says done here"}}
	}
	return c.injection(v, owner)
}

func (c *Config) injection(v *pod.View, owner inject.Owner) (*inject.Injection, []pod.Finding) {
	p := newPlan(c, v, owner)
	p.checkPod()
	p.checkAccess()
	p.shareSecrets()
	p.deliverEnv()
	p.addAgents(p.agentVolumes())
	if c.FSGroup != nil {
		p.inj.Fields = append(p.inj.Fields, inject.Field{Path: []string{"securityContext", "fsGroup"}, Value: *c.FSGroup})
	}
	if c.ShareProcessNamespace {
		p.inj.Fields = append(p.inj.Fields, inject.Field{Path: []string{"shareProcessNamespace"}, Value: true})
	}
	return &p.inj, p.findings
}

// asksWebhook returns the annotation by which an injector's webhook would add its
// own agent, if there is one.
func asksWebhook(v *pod.View) string {
	for _, prefix := range prefixes() {
		if on, _ := truth(v.Annotations[prefix+asksKey]); on && v.Annotations[prefix+statusKey] != injected {
			return prefix + asksKey
		}
	}
	return ""
}

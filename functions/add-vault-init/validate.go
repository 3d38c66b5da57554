package vaultinit

import (
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// Validate returns all that is wrong with the config. With fromAnnotations the
// pod template completes it, so that what is missing is told there.
func (c *Config) Validate() config.Errors {
	errs := c.Common.Validate()
	if !c.FromAnnotations {
		errs = append(errs, c.missing()...)
	}
	return append(errs, c.wrong()...)
}

// missing returns what a config cannot do without.
func (c *Config) missing() config.Errors {
	var errs config.Errors
	if c.Address == "" {
		errs.Addf("spec.address", "missing; write the server's address, such as https://vault.vault.svc:8200")
	}
	if c.Role == "" && c.Auth.needsRole() {
		errs.Addf("spec.role", "missing; name the role to log in as")
	}
	if len(c.Secrets) == 0 && c.Agent.TokenFile == "" && !c.listensOnly() {
		errs.Addf("spec.secrets", "missing; give at least one, such as secrets: [{path: secret/data/web}]")
	}
	return errs
}

// listensOnly reports whether the agent has something to do without any files: the
// app speaks to the server through it.
func (c *Config) listensOnly() bool {
	l := c.Agent.Listener
	return l != nil && l.Token != tokenNone && !agentsOf(c.Mode).first
}

// wrong returns what is wrong with the fields that are set.
func (c *Config) wrong() config.Errors {
	errs := config.Each("spec.flavor", c.Flavor, config.Word(flavorVault, flavorOpenBao))
	errs = append(errs, c.validateMode()...)
	errs = append(errs, c.validateAddress()...)
	errs = append(errs, config.Each("spec.namespace", c.Namespace, config.SingleLine)...)
	errs = append(errs, config.Each("spec.role", c.Role, config.SingleLine)...)
	errs = append(errs, c.Auth.validate()...)
	errs = append(errs, c.TLS.validate(c)...)
	errs = append(errs, c.validateSecrets()...)
	errs = append(errs, c.Mount.validate()...)
	errs = append(errs, c.validateEnv()...)
	errs = append(errs, c.Mesh.validate(c)...)
	errs = append(errs, c.Agent.validate(c)...)
	if c.FSGroup != nil && (*c.FSGroup < 1 || c.Platform == config.PlatformOpenShift) {
		errs.Addf("spec.fsGroup", "must be above 0, and must not be set on openshift, which chooses it")
	}
	return errs
}

func (c *Config) validateMode() config.Errors {
	errs := config.Each("spec.mode", c.Mode, config.Word(modeInit, modeSidecar, modeBoth, modeNative))
	if c.Mode == modeNative && !c.Native() && c.Minor() > 0 {
		errs.Addf("spec.mode", "native needs a native sidecar: Kubernetes 1.29 and injectAs auto or native; use init+sidecar")
	}
	return errs
}

func (c *Config) validateAddress() config.Errors {
	errs := config.Each("spec.address", c.Address, config.URL("https", "http"))
	if strings.HasPrefix(c.Address, "http://") && !c.AllowInsecure {
		errs.Addf("spec.address", "%q sends tokens and secrets in the clear; use https://, or set allowInsecure: true", c.Address)
	}
	return errs
}

func (m Mount) validate() config.Errors {
	errs := config.Each("path", m.Path, config.MountPath)
	errs = append(errs, config.All("containers", m.Containers, config.DNSLabel)...)
	errs = append(errs, config.All("initContainers", m.InitContainers, config.DNSLabel)...)
	errs = append(errs, config.Each("medium", m.Medium, config.Word(mediumMemory, mediumDisk))...)
	return append(errs, config.Each("sizeLimit", m.SizeLimit, config.Quantity)...).Under("spec.mount")
}

func (m Mesh) validate(c *Config) config.Errors {
	errs := config.Each("spec.mesh.name", m.Name, config.Word(servicemesh.Names()...))
	if m.UID && c.Platform == config.PlatformOpenShift {
		errs.Addf("spec.mesh.uid", "openshift chooses the users of containers; use excludePort")
	}
	return errs
}

func indexed(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }

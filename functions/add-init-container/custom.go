package initcontainer

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// Custom is an init container of the user's own making, with safe settings. It
// has to end by itself: nothing is known of its image that could stop it.
type Custom struct {
	// Image of the container. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Image string `json:"image,omitempty"`
	// Command in place of the image's own.
	Command []string `json:"command,omitempty"`
	// Args of the command.
	Args []string `json:"args,omitempty"`
	// Env are variables, as Kubernetes has them.
	Env []corev1.EnvVar `json:"env,omitempty"`
	// EnvFrom are ConfigMaps and Secrets that hold variables, as Kubernetes has them.
	EnvFrom []corev1.EnvFromSource `json:"envFrom,omitempty"`
	// Into is a directory that the container fills for the app.
	Into *Into `json:"into,omitempty"`
	// UID is the user that it runs as. Default: that of the app where it shares a
	// directory, else 65534.
	// +kubebuilder:validation:Minimum=1
	UID *int64 `json:"uid,omitempty"`
	// First puts the container in front of the user's own init containers. Default
	// false: behind them.
	First bool `json:"first,omitempty"`
}

func (c *Custom) setDefaults() { c.Into.setDefaults() }

func (c *Custom) validate(*Config) config.Errors {
	var errs config.Errors
	if c.Image == "" {
		errs.Addf("image", "missing; name the image of the container")
	}
	errs = append(errs, config.Each("image", c.Image, config.SingleLine)...)
	errs = append(errs, config.NoPasswords("command", c.Command)...)
	errs = append(errs, config.NoPasswords("args", c.Args)...)
	errs = append(errs, config.LiteralSecrets(c.Env, "env")...)
	if c.Into != nil {
		errs = append(errs, c.Into.validate()...)
	}
	if c.UID != nil && *c.UID < 1 {
		errs.Addf("uid", "%d is no user that Pod Security lets run; write a number from 1 on", *c.UID)
	}
	return errs
}

func (c *Custom) add(p *plan) {
	image := images.Busybox()
	made := p.container("", image, large)
	made.Image, made.Command, made.Args, made.Env, made.EnvFrom = c.Image, c.Command, c.Args, c.Env, c.EnvFrom
	if c.Into != nil {
		p.share(&made, c.Into, "spec.custom.into")
		p.asApp(&made, c.Into, "spec.custom.into")
	}
	if c.UID != nil {
		made.SecurityContext.RunAsUser, made.SecurityContext.RunAsGroup = c.UID, c.UID
	}
	rank := inject.RankFinish
	if c.First {
		rank = inject.RankPrepare
	}
	p.run(made, rank)
}

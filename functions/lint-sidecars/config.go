package lint

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// Config configures lint-sidecars.
// +kubebuilder:validation:MinProperties=0
type Config struct {
	// Target selects the workloads to look at. Default: all.
	Target Target `json:"target,omitempty"`
	// KubernetesVersion is the oldest version that the manifests must run on.
	// +krm-sidecars:text=version
	// +kubebuilder:default="1.35"
	KubernetesVersion string `json:"kubernetesVersion,omitempty"`
	// Platform is kubernetes or openshift, whose security context constraints choose
	// users and groups: what they choose is not asked for.
	// +kubebuilder:validation:Enum=kubernetes;openshift
	// +kubebuilder:default=kubernetes
	Platform string `json:"platform,omitempty"`
	// RequireDigest lets SC015 ask for images by digest, too.
	RequireDigest bool `json:"requireDigest,omitempty"`
	// FailOn is the severity from which on a finding fails the run: error, warning or
	// info; or never. Default error.
	// +kubebuilder:validation:Enum=error;warning;info;never
	// +kubebuilder:default=error
	FailOn string `json:"failOn,omitempty"`
	// Rules gives rules, by id or name, another severity: error, warning, info, or off.
	Rules map[string]Severity `json:"rules,omitempty"`
	// Ignore leaves findings out, each with a reason.
	Ignore []Ignore `json:"ignore,omitempty"`
	// Fix corrects what has one certain correction. The corrections stay.
	Fix bool `json:"fix,omitempty"`

	shared       config.Common
	active       []rule
	meshMistakes MeshMistakes
}

// Severity is how much a rule matters: error, warning, info, or off.
// +kubebuilder:validation:Enum=error;warning;info;"off"
type Severity string

// Ignore is a rule that is not told about some workloads.
type Ignore struct {
	// Rule is the id or name of the rule. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Rule string `json:"rule,omitempty"`
	// Target selects the workloads. Default: all.
	Target *config.Selector `json:"target,omitempty"`
	// Reason says why, for those who read the config later. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	Reason string `json:"reason,omitempty"`
}

// The words of the config, beside those for severities.
const (
	never = "never"
	off   = "off"
)

// Default fills in what the user left open.
func (c *Config) Default() {
	c.FailOn = cmp.Or(c.FailOn, string(pod.Error))
	c.shared = config.Common{Target: c.Target.common(), KubernetesVersion: c.KubernetesVersion, Platform: c.Platform}
	c.shared.Default()
	c.KubernetesVersion, c.Platform = c.shared.KubernetesVersion, c.shared.Platform
	c.active = c.rules()
}

// Validate returns all that is wrong with the config.
func (c *Config) Validate() config.Errors {
	errs := c.shared.Validate()
	errs = append(errs, config.OneOf("spec.failOn", c.FailOn, string(pod.Error), string(pod.Warning), string(pod.Info), never)...)
	for _, name := range slices.Sorted(maps.Keys(c.Rules)) {
		at := "spec.rules." + name
		errs = append(errs, known(at, name)...)
		errs = append(errs, config.OneOf(at, string(c.Rules[name]), string(pod.Error), string(pod.Warning), string(pod.Info), off)...)
	}
	for i, ignore := range c.Ignore {
		errs = append(errs, ignore.validate(fmt.Sprintf("spec.ignore[%d]", i))...)
	}
	return errs
}

func (i Ignore) validate(at string) config.Errors {
	_, errs := i.target().Compile()
	if i.Target != nil && i.target().Unlimited() {
		errs.Addf("spec.target", "empty; name the workloads, or remove it, for all")
	}
	for n, err := range errs {
		errs[n].Path = at + strings.TrimPrefix(err.Path, "spec")
	}
	if i.Rule == "" {
		errs.Addf(at+".rule", "missing; name the rule, such as SC011")
	} else {
		errs = append(errs, known(at+".rule", i.Rule)...)
	}
	if strings.TrimSpace(i.Reason) == "" {
		errs.Addf(at+".reason", "missing; say why the rule does not matter there")
	}
	return errs
}

// known reports a name that is that of no rule.
func known(at, name string) config.Errors {
	if _, ok := find(name); ok {
		return nil
	}
	var errs config.Errors
	message := fmt.Sprintf("there is no rule %q; krm-sidecars lint --list-rules lists them", name)
	if near := config.Nearest(name, names()); near != "" {
		message += "; did you mean " + near + "?"
	}
	errs.Addf(at, "%s", message)
	return errs
}

// Shared returns the fields that all functions have.
func (c *Config) Shared() *config.Common { return &c.shared }

// Inherit takes over what the parts of a composite share.
func (c *Config) Inherit(shared *config.Common) {
	c.KubernetesVersion = cmp.Or(c.KubernetesVersion, shared.KubernetesVersion)
	c.Platform = cmp.Or(c.Platform, shared.Platform)
}

// rules are the rules that run, with the severities that the config gives them.
func (c *Config) rules() []rule {
	var all []rule
	for _, r := range table() {
		severity, set := c.severity(r)
		if set {
			r.severity = pod.Severity(severity)
		}
		if severity != off {
			all = append(all, r)
		}
	}
	return all
}

// severity is what the config says about a rule, by its id, its name, or the id of
// what it is a part of.
func (c *Config) severity(r rule) (severity Severity, set bool) {
	whole := wholeID(r.id)
	for _, name := range []string{r.id, r.name, whole} {
		if severity, set = c.Rules[name]; set {
			return severity, true
		}
	}
	return "", false
}

// verdict says whether a finding fails the run.
func (c *Config) verdict(s pod.Severity) pod.Verdict {
	weight := []string{string(pod.Error), string(pod.Warning), string(pod.Info)}
	if slices.Index(weight, string(s)) <= slices.Index(weight, c.FailOn) {
		return pod.Fails
	}
	return pod.Passes
}

// openShift reports whether the platform chooses users and groups.
func (c *Config) openShift() bool { return c.Platform == config.PlatformOpenShift }

// Known are all rules, with the severities that they have by themselves.
func (c *Config) Known() []krm.Rule {
	var all []krm.Rule
	for _, r := range table() {
		all = append(all, krm.Rule{ID: r.id, Name: r.name, Severity: r.severity, About: r.about, Remedy: r.remedy})
	}
	return all
}

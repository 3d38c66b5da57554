package initcontainer

import (
	"cmp"
	"path"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// Script is a script of the user's. It may run again at any time, when the node
// restarts for instance, and has to cope with what an earlier run left.
// +krm-sidecars:oneOf=text;configMap
type Script struct {
	// Text of the script; it goes into a generated ConfigMap.
	Text string `json:"text,omitempty"`
	// ConfigMap that holds the script.
	ConfigMap *config.SecretKey `json:"configMap,omitempty"`
	// Interpreter that reads the script. Default: sh -eu, which stops at the first
	// mistake.
	Interpreter []string `json:"interpreter,omitempty"`
	// Args of the script.
	Args []string `json:"args,omitempty"`
	// Image with the interpreter, sh and timeout. Default: busybox.
	Image string `json:"image,omitempty"`
	// Env are variables, as Kubernetes has them.
	Env []corev1.EnvVar `json:"env,omitempty"`
	// EnvFrom are ConfigMaps and Secrets that hold variables, as Kubernetes has them.
	EnvFrom []corev1.EnvFromSource `json:"envFrom,omitempty"`
	// Into is a directory that the script fills for the app. It is also the working
	// directory.
	Into *Into `json:"into,omitempty"`
	// Output is a file in that directory that takes what the script prints. It
	// appears when the script has succeeded, never in part.
	// +krm-sidecars:text=file-name
	Output string `json:"output,omitempty"`
}

// Where the script is.
const (
	scriptDir = "/etc/init-script"
	scriptKey = "script"
)

func (s *Script) setDefaults() { s.Into.setDefaults() }

func (s *Script) validate(*Config) config.Errors {
	errs := append(config.NoPassword("text", s.Text), config.NoPasswords("args", s.Args)...)
	for i := range errs {
		errs[i].Msg = "a password in plain text; give it as a variable of spec.script.env, by valueFrom.secretKeyRef, and have the script read that"
	}
	if (s.Text == "") == (s.ConfigMap == nil) {
		errs.Addf("text", "write the text of the script, or name the configMap that holds it, and not both")
	}
	errs = append(errs, s.ConfigMap.Validate("configMap")...)
	errs = append(errs, config.All("interpreter", s.Interpreter, config.SingleLine)...)
	errs = append(errs, config.Each("image", s.Image, config.SingleLine)...)
	errs = append(errs, config.LiteralSecrets(s.Env, "env")...)
	if s.Into != nil {
		errs = append(errs, s.Into.validate()...)
	}
	if s.Output != "" && s.Into == nil {
		errs.Addf("into", "missing; name the directory of the output, as in {path: /data}")
	}
	return append(errs, config.Each("output", s.Output, fileName)...)
}

// fileName is a path below a directory.
func fileName(text string) string {
	if !filepath.IsLocal(text) || path.Clean(text) != text || text == "." || !plainFile().MatchString(text) {
		return "is no file of the directory; write it like index.html, with letters, digits, ., _, - and /"
	}
	return ""
}

var plainFile = lazyre.New(`^[A-Za-z0-9._-][A-Za-z0-9._/-]*$`)

func (s *Script) add(p *plan) {
	c := p.container("", images.Busybox(), small)
	c.Image = cmp.Or(s.Image, c.Image)
	if s.Image != "" {
		c.Resources = large.in(p.View)
	}
	c.Env, c.EnvFrom = s.Env, s.EnvFrom
	key := scriptKey
	if s.ConfigMap != nil {
		key = s.ConfigMap.Key
		p.Injection.MountConfigMap(&c, p.label("script"), s.ConfigMap.Name, scriptDir, corev1.KeyToPath{Key: key, Path: key})
	} else {
		p.addFiles(&c, scriptDir, map[string]string{key: s.Text})
	}
	p.scratch(&c, "64Mi")
	command := append(s.interpreter(), path.Join(scriptDir, key))
	command = append(command, s.Args...)
	if s.Into == nil {
		p.bounded(&c, command...)
	} else {
		p.share(&c, s.Into, "spec.script.into")
		p.asApp(&c, s.Into, "spec.script.into")
		p.boundedIn(&c, s.Into.Path, s.Output, command...)
	}
	s.warn(p)
	p.run(c, inject.RankFinish)
}

func (s *Script) interpreter() []string {
	if len(s.Interpreter) > 0 {
		return append([]string(nil), s.Interpreter...)
	}
	return []string{"sh", "-eu"}
}

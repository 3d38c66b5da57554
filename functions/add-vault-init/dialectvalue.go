package vaultinit

import (
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// truth reads a switch as the injectors do: all forms of strconv.ParseBool, and
// nothing for false.
func truth(value string) (on bool, wrong string) {
	if value == "" {
		return false, ""
	}
	on, err := strconv.ParseBool(value)
	if err != nil {
		return false, fmt.Sprintf(`%q is neither true nor false; write "true" or "false"`, value)
	}
	return on, ""
}

// boolean is an annotation that is true or false.
func boolean(set func(d *dialect, on bool)) setter {
	return func(d *dialect, g given) string {
		on, wrong := truth(g.value)
		if wrong == "" {
			set(d, on)
		}
		return wrong
	}
}

// text is an annotation whose value goes into a field as it is.
func text(field func(d *dialect) *string) setter {
	return checked(func(d *dialect, value string) { *field(d) = value })
}

// checked is an annotation whose value is a text that passes checks, where the
// config itself has none. An empty one is as good as none.
func checked(set func(d *dialect, value string), checks ...config.Check) setter {
	return func(d *dialect, g given) string {
		if g.value == "" {
			return ""
		}
		for _, check := range checks {
			if wrong := check(g.value); wrong != "" {
				return fmt.Sprintf("%q %s", g.value, wrong)
			}
		}
		set(d, g.value)
		return ""
	}
}

// whole is an annotation that is a whole number from zero up.
func whole(set func(d *dialect, n int64)) setter {
	return func(d *dialect, g given) string {
		if g.value == "" {
			return ""
		}
		n, err := strconv.ParseInt(g.value, 10, 64)
		if err != nil || n < 0 {
			return fmt.Sprintf("%q is no whole number from 0 up", g.value)
		}
		set(d, n)
		return ""
	}
}

// seconds is an annotation that is a time; a bare number is in seconds.
func seconds(field func(d *dialect) *string) setter {
	return text(field).then(func(d *dialect) {
		if _, err := strconv.ParseUint(*field(d), 10, 32); err == nil {
			*field(d) += "s"
		}
	})
}

// then does something more behind a setter.
func (s setter) then(more func(d *dialect)) setter {
	return func(d *dialect, g given) string {
		wrong := s(d, g)
		if wrong == "" {
			more(d)
		}
		return wrong
	}
}

// list is an annotation of words between commas.
func list(field func(d *dialect) *[]string) setter {
	return checked(func(d *dialect, value string) {
		words := strings.Split(value, ",")
		for i := range words {
			words[i] = strings.TrimSpace(words[i])
		}
		*field(d) = words
	})
}

// variable is an annotation that becomes a variable of the agent.
func variable(name string, checks ...config.Check) setter {
	return checked(func(d *dialect, value string) { d.setEnv(name, value) }, checks...)
}

// flavored is a variable whose name begins with VAULT_ or BAO_.
func flavored(name string) setter {
	return checked(func(d *dialect, value string) { d.setEnv(d.config.flavor().prefix+name, value) })
}

// container are the user's overrides of the agents' containers, to be added to.
func (d *dialect) container() *corev1.Container {
	if d.config.Container == nil {
		d.config.Container = &corev1.Container{}
	}
	return d.config.Container
}

func (d *dialect) setEnv(name, value string) {
	d.addEnv(corev1.EnvVar{Name: name, Value: inject.Literal(value)})
}

// addEnv adds a variable to the agents, or replaces one.
func (d *dialect) addEnv(v corev1.EnvVar) {
	c := d.container()
	for i := range c.Env {
		if c.Env[i].Name == v.Name {
			c.Env[i] = v
			return
		}
	}
	c.Env = append(c.Env, v)
}

// mount shows a volume to the agents.
func (d *dialect) mount(volume, path string) {
	c := d.container()
	c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: volume, MountPath: path, ReadOnly: true})
}

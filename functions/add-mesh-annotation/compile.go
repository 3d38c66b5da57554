package meshannotation

import (
	"reflect"
	"slices"
)

// compiled is what a config says, and what its mesh knows, worked out once for
// all pods.
type compiled struct {
	mesh     mesh
	words    map[string]word
	old      map[string]deprecation
	settings []setting
}

// compile reads the tables for the config.
func (c *Config) compile() *compiled {
	if c.known != nil {
		return c.known
	}
	k := &compiled{old: map[string]deprecation{}}
	k.mesh, _ = meshNamed(c.Mesh)
	k.words = k.mesh.words()
	for _, d := range deprecations() {
		if d.mesh == k.mesh.block {
			k.old[d.key] = d
		}
	}
	if f, ok := fieldNamed(reflect.TypeFor[Blocks](), k.mesh.block); ok {
		if block := reflect.ValueOf(c.Blocks).FieldByIndex(f.Index); !block.IsNil() {
			k.settings = settingsOf(block.Elem(), "spec."+k.mesh.block)
		}
	}
	return k
}

// setting finds the setting of a label or annotation.
func (k *compiled) setting(key string) (setting, bool) {
	if i := slices.IndexFunc(k.settings, func(s setting) bool { return s.key == key }); i >= 0 {
		return k.settings[i], true
	}
	return setting{}, false
}

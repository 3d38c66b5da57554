package schemas_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// conditional are defaults that depend on other fields: no schema can state them.
var conditional = map[string][]string{
	"AddExporter":      {"spec.discovery.gmp.interval"},
	"AddInitContainer": {"spec.register.http.deregister.method", "spec.register.http.register.method"},
	"AddLogSidecar":    {"spec.volume.sizeLimit"},
	"AddProxySidecar":  {"spec.envoy.protocol"},
	"AddVaultInit": {
		"spec.mode", "spec.agent.retries", "spec.mount.readOnly", "spec.auth.kubernetes.path", "spec.auth.jwt.path", "spec.secrets[0].name",
	},
}

// TestDefaults: what the schema says is the default is what the code fills in,
// wherever what holds the field is there; and the other way round.
func TestDefaults(t *testing.T) {
	defaults := 0
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			for _, p := range places(place{schema: spec(t, f)}) {
				for name, field := range p.schema.properties() {
					at := p.below(name, field)
					got, filled := filledIn(t, f, p, name)
					want, stated := field["default"]
					switch known := slices.Contains(conditional[f.Kind], at.String()); {
					case known && (stated || !filled):
						t.Errorf("%s is listed as conditional, and is not", at)
					case known, !stated && !filled:
					case !stated:
						t.Errorf("%s: the code fills in %v, the schema has no default; write +kubebuilder:default", at, got)
					case !filled || !reflect.DeepEqual(want, got):
						t.Errorf("%s: the schema has the default %v, the code fills in %v", at, want, got)
					default:
						defaults++
					}
				}
			}
		})
	}
	if defaults < 60 {
		t.Errorf("%d defaults; there are more", defaults)
	}
}

// filledIn is what the code makes of a field that is not set, in an object that
// is empty but there.
func filledIn(t *testing.T, f krm.Function, in place, field string) (any, bool) {
	t.Helper()
	data, err := json.Marshal(whole(f, in.with(nil, map[string]any{})))
	check(t, err)
	c := f.New()
	read(t, string(data), c)
	c.Default()
	data, err = json.Marshal(c)
	check(t, err)
	var out any
	check(t, json.Unmarshal(data, &out))
	for _, step := range append(in.path, field) {
		switch x := out.(type) {
		case []any:
			out = x[0]
		case map[string]any:
			if step == entry {
				step = "some"
			}
			out = x[step]
		}
	}
	return out, says(out)
}

// says reports whether a value is more than what encoding/json writes for a field
// that is not set. What is below objects is looked at there.
func says(x any) bool {
	switch x := x.(type) {
	case nil, map[string]any, []any:
		return false
	default:
		return x != "" && x != "0" && x != 0.0 && x != false
	}
}

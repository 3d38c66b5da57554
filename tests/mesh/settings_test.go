package mesh

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	meshannotation "github.com/krm-sidecars/krm-sidecars/functions/add-mesh-annotation"
)

// setting is a part of the block istio, and the facts about the injected pod that
// are to follow from it.
type setting struct {
	spec string
	in   string // default: plain
	node string // default: one with native sidecars
	want facts
}

// testSettings: what the real injector adds bears what the settings ask for, and
// would not without them.
func testSettings(t *testing.T) {
	t.Helper()
	for name, c := range settings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.in == "" {
				c.in = web("labels: {app: web}", ports)
			}
			if c.node == "" {
				c.node = nativeNode
			}
			cluster := install(t, c.node)
			without, _ := run(t, config("{mesh: istio}"), c.in)
			with, _ := run(t, config("{mesh: istio, istio: "+c.spec+"}"), c.in)
			before, after := factsOf(t, admit(t, cluster, without)), factsOf(t, admit(t, cluster, with))
			for _, what := range slices.Sorted(maps.Keys(c.want)) {
				if after[what] != c.want[what] {
					t.Errorf("%s is %q, not %q", what, after[what], c.want[what])
				}
				if before[what] == c.want[what] {
					t.Errorf("%s is %q without the setting, too: this shows nothing", what, before[what])
				}
			}
			if t.Failed() {
				t.Logf("%s\n%v", with, strings.Join(after.lines(), "\n"))
			}
		})
	}
}

// TestSettingsAreAll: every field of the block istio has a row.
func TestSettingsAreAll(t *testing.T) {
	var specs []string
	for _, c := range settings() {
		specs = append(specs, c.spec)
	}
	all := strings.Join(specs, "\n")
	for _, field := range fields(reflect.TypeFor[meshannotation.Istio]()) {
		if !strings.Contains(all, field+": ") {
			t.Errorf("no row has the field %s", field)
		}
	}
}

// fields are the names of the fields that stand for something, those of structs
// within, too.
func fields(block reflect.Type) []string {
	var names []string
	for i := range block.NumField() {
		f := block.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if _, ok := f.Tag.Lookup("mesh"); !ok {
			names = append(names, fields(f.Type)...)
			continue
		}
		names = append(names, name)
	}
	return names
}

// proxyConfig reads what the proxy is configured with.
func proxyConfig(t *testing.T, text string) map[string]string {
	t.Helper()
	var members map[string]any
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		t.Fatalf("the proxy's configuration is no JSON: %v\n%s", err, text)
	}
	all := map[string]string{}
	for name, value := range members {
		y, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = strings.Trim(string(y), `"`)
	}
	return all
}

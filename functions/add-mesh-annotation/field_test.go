package meshannotation

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// samples are a good value of each format that has a name, what the mesh gets to
// read, and a bad value; "" where the type of the field lets none through.
var samples = map[string]struct{ good, bad string }{
	"text": {"a b", "a\nb"}, "name": {"shop", "Shop_"}, "dns-label": {"shop", "shop.web"}, "label-value": {"v1.2", "a b"},
	"app-id": {"shop", strings.Repeat("a", 59)}, "path": {"/healthz", "healthz"}, "choice": {"shop/otel", "a/b/c"},
	"quantity": {"100m", "lots"}, "ratio": {"0.5", "2"}, "duration": {"30s", "30"}, "number": {"5", "-5"},
	"port": {"8200", "70000"}, "port-or-zero": {"0", "-1"}, "port-or-name": {"http", "not_a_port"},
	"ports": {"8200", "0"}, "ports-or-all": {"8200", "x"}, "port-ranges": {"8000-8100", "8100-8000"}, "port-names": {"mysql", "my sql"},
	"port-or-names": {"http", "HTTP!"}, "cidrs": {"10.0.0.0/8", "10.0.0.1"}, "cidrs-or-all": {"10.0.0.0/8", "10.0.0.0/80"},
	"addresses": {"10.0.0.1", "shop"}, "numbers": {"5", "-5"}, "words": {"net1", "a,b"}, "names": {"shop", "Shop"}, "dns-labels": {"app", "App"},
	"host-ports": {"dapr:50005", "dapr"}, "upstreams": {"db:5432", "db"}, "ports-of-users": {"tcp:80,443:1000", "sctp:80:1000"},
	"component-levels": {"info", "loud"}, "pairs": {"otel:token", "a,b"}, "mounts": {"/data", "data"},
	"env": {"x", ""}, "env-commas": {"x", "a,b"}, "env-semicolons": {"x", "a=b"},
	"json": {"{}", ""}, "object": {"{}", ""},
	"parsed-bool": {"true", ""}, "truth": {"true", ""}, "kuma-bool": {"true", ""}, "kuma-switch": {"true", ""},
}

// sampleOf returns the values to try for a field.
func sampleOf(t *testing.T, f reflect.StructField) (good, bad string) {
	t.Helper()
	format := strings.Split(f.Tag.Get("mesh"), ",")[1]
	s, named := samples[format]
	switch {
	case named:
		return s.good, s.bad
	case !strings.Contains(format, "|"):
		t.Fatalf("%s has the unknown format %q", f.Name, format)
	}
	return strings.Split(format, "|")[0], "nonsense"
}

// set gives a field a value that is read from text.
func set(t *testing.T, v reflect.Value, text string) {
	t.Helper()
	switch of := v.Interface().(type) {
	case string, Port:
		v.SetString(text)
	case []string, []Port:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		v.Index(0).SetString(text)
	case map[string]string:
		v.Set(reflect.ValueOf(map[string]string{"a": text}))
	case map[string]any:
		v.Set(reflect.ValueOf(map[string]any{"a": text}))
	case map[string][]string:
		v.Set(reflect.ValueOf(map[string][]string{"a": {text}}))
	case *bool:
		v.Set(reflect.ValueOf(new(bool)))
		v.Elem().SetBool(true)
	case []corev1.Volume:
		v.Set(reflect.ValueOf([]corev1.Volume{{Name: "data"}}))
	case []corev1.VolumeMount:
		v.Set(reflect.ValueOf([]corev1.VolumeMount{{Name: "data", MountPath: "/data"}}))
	case []corev1.EnvVar:
		v.Set(reflect.ValueOf([]corev1.EnvVar{{Name: "A", Value: "x"}}))
	default: // numbers
		target := v
		if v.Kind() == reflect.Pointer {
			v.Set(reflect.New(v.Type().Elem()))
			target = v.Elem()
		} else if v.Kind() == reflect.Slice {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			target = v.Index(0)
		}
		if err := json.Unmarshal([]byte(text), target.Addr().Interface()); err != nil {
			t.Fatalf("%T cannot be set to %q: %v", of, text, err)
		}
	}
}

// fieldCase is a field of a block that stands for a label or annotation.
type fieldCase struct {
	mesh  mesh
	at    string // its path, from spec on
	field reflect.StructField
	tag   string
	index []int // of the field, in its block
}

// fieldCases are the fields of all blocks.
func fieldCases() []fieldCase {
	var all []fieldCase
	for _, m := range meshes() {
		block, _ := fieldNamed(reflect.TypeFor[Blocks](), m.block)
		for _, f := range reflect.VisibleFields(block.Type.Elem()) {
			all = append(all, below(m, "spec."+m.block, f, nil)...)
		}
	}
	return all
}

// below are the cases of a field, or of those of the struct that it is.
func below(m mesh, at string, f reflect.StructField, index []int) []fieldCase {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" { // its fields are visible from above
		return nil
	}
	at += "." + name
	index = slices.Concat(index, f.Index)
	if tag := f.Tag.Get("mesh"); tag != "" {
		return []fieldCase{{m, at, f, tag, index}}
	}
	var all []fieldCase
	for _, inner := range reflect.VisibleFields(f.Type) {
		all = append(all, below(m, at, inner, index)...)
	}
	return all
}

// config is a config of the mesh, in which the field alone has a value.
func (fc fieldCase) config(t *testing.T, value string) *Config {
	t.Helper()
	c := &Config{Mesh: fc.mesh.name}
	block, _ := fieldNamed(reflect.TypeFor[Blocks](), fc.mesh.block)
	b := reflect.ValueOf(&c.Blocks).Elem().FieldByIndex(block.Index)
	b.Set(reflect.New(block.Type.Elem()))
	set(t, b.Elem().FieldByIndex(fc.index), value)
	return c
}

func (fc fieldCase) has(flag string) bool { return slices.Contains(strings.Split(fc.tag, ","), flag) }

// TestEveryFieldLands: each field ends up under its key, with the value that was
// set, as a label or annotation as its tag says.
func TestEveryFieldLands(t *testing.T) {
	for _, fc := range fieldCases() {
		good, _ := sampleOf(t, fc.field)
		c := fc.config(t, good)
		c.Default()
		if errs := c.Validate(); len(errs) > 0 {
			t.Errorf("%s %s: %v", fc.mesh.name, fc.at, errs)
			continue
		}
		inj, findings := c.Injection(&pod.View{Object: pod.Ref{Kind: "Pod", Name: "web"}}, inject.Owner{})
		if len(findings) > 0 {
			t.Errorf("%s %s: %v", fc.mesh.name, fc.at, findings)
		}
		key, _, object := strings.Cut(strings.Split(fc.tag, ",")[0], "#")
		if fc.has("prefix") {
			key += "a"
		}
		got := strings.Join(inj.Elements[key], ",") + inj.Annotations[key]
		if fc.has("label") {
			got = inj.Labels[key]
		}
		switch wantsJSON := object || fc.has("json"); {
		case got == "":
			t.Errorf("%s %s: nothing under %s: %v %v %v", fc.mesh.name, fc.at, key, inj.Labels, inj.Annotations, inj.Elements)
		case wantsJSON && !json.Valid([]byte(got)), !wantsJSON && !holds(fc.field.Type, got, good):
			t.Errorf("%s %s: %s is %q, but %q was set", fc.mesh.name, fc.at, key, got, good)
		}
	}
}

// holds reports whether a value says what was set in a field of the type.
func holds(of reflect.Type, got, good string) bool {
	switch of {
	case reflect.TypeFor[*bool]():
		return got == "true" || got == "enabled"
	case reflect.TypeFor[map[string]string]():
		return got == good || strings.HasPrefix(got, "a") && strings.HasSuffix(got, good)
	}
	return got == good
}

// TestEveryFieldIsChecked: each field refuses a value that its mesh would not
// take, and says where it is.
func TestEveryFieldIsChecked(t *testing.T) {
	checked := 0
	for _, fc := range fieldCases() {
		_, bad := sampleOf(t, fc.field)
		if fc.field.Type == reflect.TypeFor[*bool]() || bad == "" {
			continue // its type lets no bad value through
		}
		checked++
		c := fc.config(t, bad)
		c.Default()
		if errs := c.Validate(); len(errs) != 1 || !strings.HasPrefix(errs[0].Path, fc.at) {
			t.Errorf("%s: one error at %s wanted for %q, got %v", fc.mesh.name, fc.at, bad, errs)
		}
	}
	if all := len(fieldCases()); checked < all/2 {
		t.Errorf("only %d of %d fields were checked", checked, all)
	}
}

// TestEveryFieldOnNamespaces: a field is refused where the mesh does not read it
// from namespaces, and lands there where it does.
func TestEveryFieldOnNamespaces(t *testing.T) {
	for _, fc := range fieldCases() {
		good, _ := sampleOf(t, fc.field)
		c := fc.config(t, good)
		c.Scope, c.Inject = scopeNamespace, injectionUnchanged
		if fc.has("decides") {
			c.Inject = injectionEnabled
		}
		c.Default()
		errs := c.Validate()
		if !fc.has("namespace") && !fc.has("namespace-label") {
			if len(errs) == 0 || !strings.HasPrefix(errs[0].Path, fc.at) {
				t.Errorf("%s: an error at %s wanted, got %v", fc.mesh.name, fc.at, errs)
			}
			continue
		}
		inj, _ := c.Injection(&pod.View{Object: pod.Ref{Kind: "Namespace", Name: "shop"}}, inject.Owner{})
		got := len(inj.Annotations) + len(inj.Elements)
		if fc.has("namespace-label") {
			got = len(inj.Labels)
		}
		if len(errs) > 0 || got != 1 {
			t.Errorf("%s %s: %v %v %v %v", fc.mesh.name, fc.at, errs, inj.Labels, inj.Annotations, inj.Elements)
		}
	}
}

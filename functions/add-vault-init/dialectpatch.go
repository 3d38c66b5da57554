package vaultinit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// jsonPatch changes a container, as RFC 6902 describes it: add, replace, remove
// and test. copy and move are refused; nobody needs them for a container.
type jsonPatch []operation

type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// patch is an annotation that holds a JSON patch.
func patch(set func(d *dialect, p jsonPatch)) setter {
	return func(d *dialect, g given) string {
		if g.value == "" {
			return ""
		}
		var p jsonPatch
		if err := json.Unmarshal([]byte(g.value), &p); err != nil {
			return `is no JSON patch; write it like [{"op": "add", "path": "/imagePullPolicy", "value": "Always"}]`
		}
		for i, o := range p {
			if wrong := o.validate(); wrong != "" {
				return fmt.Sprintf("[%d] %s", i, wrong)
			}
		}
		set(d, p)
		return ""
	}
}

func (o operation) validate() string {
	switch {
	case !slices.Contains([]string{"add", "replace", "remove", "test"}, o.Op):
		return fmt.Sprintf("has the operation %q; add, replace, remove and test are done here, for anything else use spec.container", o.Op)
	case !strings.HasPrefix(o.Path, "/"):
		return fmt.Sprintf("has the path %q; write it like /securityContext/runAsUser", o.Path)
	case o.Path == "/restartPolicy":
		return "makes a native sidecar; set spec.mode: native, or leave it to spec.injectAs"
	}
	return ""
}

// patch changes the agents' containers as annotations say.
func (d *dialect) patch(inj *inject.Injection) {
	for i := range inj.Containers {
		c, name, p := &inj.Containers[i], "agent-json-patch", d.agent.patch
		if c.Init {
			name, p = "agent-init-json-patch", d.agent.initPatch
		}
		if len(p) == 0 {
			continue
		}
		out, err := p.apply(c.Container)
		if err != nil {
			d.find(pod.Error, pod.AnnotationInvalid, d.place(d.given[name].key), "does not fit the container %s: %v", c.Name, err)
			continue
		}
		c.Container = out
	}
}

func (p jsonPatch) apply(c corev1.Container) (out corev1.Container, err error) {
	text, err := json.Marshal(c)
	if err != nil {
		return out, err
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return out, err
	}
	for _, o := range p {
		if tree, err = o.on(tree, pointer(o.Path)); err != nil {
			return out, fmt.Errorf("%s %s: %w", o.Op, o.Path, err)
		}
	}
	if text, err = json.Marshal(tree); err != nil {
		return out, err
	}
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	return out, strict.Decode(&out)
}

// pointer are the steps of a JSON pointer.
func pointer(path string) []string {
	steps := strings.Split(path[1:], "/")
	for i := range steps {
		steps[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(steps[i])
	}
	return steps
}

// on returns the tree with the operation done, steps below its root.
func (o operation) on(tree any, steps []string) (any, error) {
	switch t := tree.(type) {
	case map[string]any:
		return o.onMap(t, steps)
	case []any:
		return o.onList(t, steps)
	default:
		return nil, fmt.Errorf("there is nothing below %v", tree)
	}
}

func (o operation) onMap(m map[string]any, steps []string) (any, error) {
	key := steps[0]
	have, there := m[key]
	if !there && (o.Op != "add" || len(steps) > 1) {
		return nil, fmt.Errorf("there is no %s", key)
	}
	if len(steps) > 1 {
		below, err := o.on(have, steps[1:])
		m[key] = below
		return m, err
	}
	if o.Op == "remove" {
		delete(m, key)
		return m, nil
	}
	m[key] = o.Value
	return m, o.same(have)
}

func (o operation) onList(l []any, steps []string) (any, error) {
	i, err := strconv.Atoi(steps[0])
	last := len(steps) == 1
	if steps[0] == "-" && last && o.Op == "add" {
		i, err = len(l), nil
	}
	if err != nil || i < 0 || i > len(l) || i == len(l) && (o.Op != "add" || !last) {
		return nil, fmt.Errorf("a list of %d has no place %s", len(l), steps[0])
	}
	switch {
	case !last:
		below, err := o.on(l[i], steps[1:])
		l[i] = below
		return l, err
	case o.Op == "add":
		return slices.Insert(l, i, o.Value), nil
	case o.Op == "remove":
		return slices.Delete(l, i, i+1), nil
	}
	have := l[i]
	l[i] = o.Value
	return l, o.same(have)
}

// same reports a test that fails. What it leaves behind is what it found.
func (o operation) same(have any) error {
	if o.Op == "test" && !reflect.DeepEqual(have, o.Value) {
		return fmt.Errorf("it is %v, not %v", have, o.Value)
	}
	return nil
}

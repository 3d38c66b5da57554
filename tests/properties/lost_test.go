package properties_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/krm-sidecars/krm-sidecars/pkg/fntest"
)

// grows names the fields that functions add, or add to.
var grows = []string{"metadata", "annotations", "initContainers", "containers", "volumes", "volumeMounts", "env", "securityContext", "fsGroup"}

// safeToEvict is an annotation whose value is a list that functions add to.
const safeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"

// nothingLost: every value of the source is in the output, at the same path, and
// nothing is new but where functions add. Another YAML library says what the
// values are.
func nothingLost(t *testing.T, src string) {
	t.Helper()
	want, ok := documents(src)
	if !ok || !clean(src) {
		return
	}
	for _, config := range owners {
		out, report := fntest.Run(t, instances(t, config), src)
		if report.Failed() {
			continue
		}
		got, ok := documents(out)
		if !ok || len(got) != len(want) {
			t.Errorf("%d documents went in, %d came out (YAML: %v):\n%s", len(want), len(got), ok, out)
			continue
		}
		for i := range want {
			if at := lost("", want[i], got[i]); at != "" {
				t.Errorf("document %d: %s\n%s", i+1, at, out)
			}
		}
	}
}

// documents returns the values of the documents of a stream, false for what is
// no YAML to the other library.
func documents(src string) ([]any, bool) {
	var all []any
	for dec := yaml.NewDecoder(strings.NewReader(src)); ; {
		var doc any
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return all, true
		}
		if err != nil {
			return nil, false
		}
		all = append(all, doc)
	}
}

// lost says where got lacks something of want, or has something of its own where
// it must not; "" if it does not.
func lost(at string, want, got any) string {
	switch want := want.(type) {
	case map[string]any:
		if got, ok := got.(map[string]any); ok {
			return lostField(at, want, got)
		}
	case map[any]any:
		if got, ok := got.(map[any]any); ok {
			return lostField(at, want, got)
		}
	case []any:
		if got, ok := got.([]any); ok {
			return lostItem(at, want, got)
		}
	case nil:
		if got == nil || slices.Contains(grows, last(at)) || last(at) == safeToEvict {
			return ""
		}
	case string:
		if more, ok := got.(string); ok && last(at) == safeToEvict && strings.HasPrefix(more, want) {
			return ""
		}
	}
	if a, b := fmt.Sprintf("%T %v", want, want), fmt.Sprintf("%T %v", got, got); a != b {
		return fmt.Sprintf("%s: want %s, got %s", at, a, b)
	}
	return ""
}

func last(at string) string { return at[strings.LastIndexByte(at, ' ')+1:] }

func lostField[K comparable](at string, want, got map[K]any) string {
	for key, value := range want {
		have, ok := got[key]
		if !ok {
			return fmt.Sprintf("%s %v is lost", at, key)
		}
		if where := lost(fmt.Sprintf("%s %v", at, key), value, have); where != "" {
			return where
		}
	}
	for key := range got {
		name := fmt.Sprint(key)
		if _, ok := want[key]; !ok && !slices.Contains(grows, name) && name != safeToEvict && !record.MatchString(name) {
			return fmt.Sprintf("%s %v is new", at, key)
		}
	}
	return ""
}

// lostItem finds the items of want in got, in order; others may stand between
// them in lists that functions add to.
func lostItem(at string, want, got []any) string {
	more := slices.Contains(grows, last(at))
	for i, value := range want {
		where := fmt.Sprintf("%s[%d] is lost", at, i)
		for where != "" && len(got) > 0 {
			where = lost(fmt.Sprintf("%s[%d]", at, i), value, got[0])
			if got = got[1:]; !more {
				break
			}
		}
		if where != "" {
			return where
		}
	}
	if len(got) > 0 && !more {
		return fmt.Sprintf("%s has %d more items", at, len(got))
	}
	return ""
}

package emit

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// valueOf is the data of an object as kustomize sees it when it applies a patch:
// JSON, without merge keys.
func valueOf(n *yamlpatch.Node) edit.Value { return asJSON(n.Value()) }

func asJSON(v edit.Value) edit.Value {
	for i := range v.Fields {
		v.Fields[i].Value = asJSON(v.Fields[i].Value)
	}
	for i := range v.Items {
		v.Items[i] = asJSON(v.Items[i])
	}
	switch v.Kind {
	case edit.Map:
		return merged(v)
	case edit.Bool:
		v.Text = strings.ToLower(v.Text)
	case edit.Number:
		v.Text = number(v.Text)
	}
	return v
}

// mergeKey brings the fields of other maps into a map.
const mergeKey = "<<"

// merged puts what a merge key brings in behind the map's own fields.
func merged(v edit.Value) edit.Value {
	from, ok := v.Get(mergeKey)
	if !ok {
		return v
	}
	all := edit.Obj()
	add := func(from edit.Value) {
		for _, f := range from.Fields {
			if _, there := all.Get(f.Name); !there && f.Name != mergeKey {
				all.Fields = append(all.Fields, f)
			}
		}
	}
	add(v)
	add(from)
	for _, item := range from.Items {
		add(item)
	}
	return all
}

// number is a number of YAML 1.1 or 1.2 as JSON has it: 0x10 is 16, and 012 is
// 10.
func number(text string) string {
	digits := strings.ReplaceAll(text, "_", "")
	if i, err := strconv.ParseInt(digits, 0, 64); err == nil {
		return strconv.FormatInt(i, 10)
	}
	if u, err := strconv.ParseUint(digits, 0, 64); err == nil {
		return strconv.FormatUint(u, 10)
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return text
	}
	raw, err := json.Marshal(f)
	if err != nil {
		return text
	}
	return string(raw)
}

package emit

import (
	"slices"
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// place is where a value stands in an object.
type place struct {
	pointer string   // RFC 6901
	fields  []string // the path, as long as it leads through maps alone
	listed  bool     // it does not
}

// field is the place of a field of the map at p.
func (p place) field(name string) place {
	p.pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
	p.fields = append(slices.Clip(p.fields), name)
	return p
}

// index is the place of an element of the list at p.
func (p place) index(i int) place {
	return place{pointer: p.pointer + "/" + strconv.Itoa(i), listed: true}
}

// end is the place behind the last element of the list at p.
func (p place) end() place { return place{pointer: p.pointer + "/-", listed: true} }

// merges reports whether p is a map of strings that a strategic merge patch
// changes without a schema.
func (p place) merges() bool {
	n := len(p.fields)
	return !p.listed && n > 1 && p.fields[n-2] == "metadata" && (p.fields[n-1] == "labels" || p.fields[n-1] == "annotations")
}

// allMerge reports whether v, to be put at p, is metadata with labels and
// annotations alone.
func (p place) allMerge(v edit.Value) bool {
	return v.Kind == edit.Map && len(v.Fields) > 0 && !slices.ContainsFunc(v.Fields, func(f edit.Field) bool {
		return !isTexts(f.Value) || !p.field(f.Name).merges()
	})
}

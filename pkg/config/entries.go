package config

import (
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

const mergeKey = "<<"

// entries returns the members of a map, those that merge keys bring in behind
// its own; nothing when n is no map.
func entries(n *yamlpatch.Node) []yamlpatch.Entry {
	if n = n.Deref(); n == nil || n.Kind != yamlpatch.Map {
		return nil
	}
	if !slices.ContainsFunc(n.Entries, isMerge) {
		return n.Entries
	}
	return merged(n, map[*yamlpatch.Node]bool{})
}

func isMerge(e yamlpatch.Entry) bool { return keyText(e) == mergeKey }

// merged follows merge keys. A map that was seen has nothing more to add.
func merged(n *yamlpatch.Node, seen map[*yamlpatch.Node]bool) []yamlpatch.Entry {
	n = n.Deref()
	if n == nil || n.Kind != yamlpatch.Map || seen[n] {
		return nil
	}
	seen[n] = true
	all := slices.DeleteFunc(slices.Clone(n.Entries), isMerge)
	for _, e := range n.Entries {
		if !isMerge(e) {
			continue
		}
		for _, from := range append(e.Value.Items(), e.Value) {
			all = appendAbsent(all, merged(from, seen))
		}
	}
	return all
}

// appendAbsent adds those of more whose keys are not there yet: a map's own
// members win over merged ones, earlier ones over later.
func appendAbsent(all, more []yamlpatch.Entry) []yamlpatch.Entry {
	for _, e := range more {
		if find(all, keyText(e)) < 0 {
			all = append(all, e)
		}
	}
	return all
}

// keyText returns the key of an entry; "" for a key that is no scalar.
func keyText(e yamlpatch.Entry) string {
	if k := e.Key.Deref(); k != nil && k.Kind == yamlpatch.Scalar {
		return k.Text
	}
	return ""
}

func find(all []yamlpatch.Entry, key string) int {
	return slices.IndexFunc(all, func(e yamlpatch.Entry) bool { return keyText(e) == key })
}

// lookup is Node.Get for documents that nobody has checked yet.
func lookup(n *yamlpatch.Node, key string) *yamlpatch.Node {
	all := entries(n)
	if i := find(all, key); i >= 0 {
		return all[i].Value.Deref()
	}
	return nil
}

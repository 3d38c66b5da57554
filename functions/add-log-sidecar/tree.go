package logsidecar

import (
	"cmp"
	"maps"
	"slices"
)

// tree is a map in the order in which it is written. Values are strings, ints,
// bools, env, text, expr, trees, and lists of them.
type tree []node

// node is a member of a tree.
type node struct {
	key   string
	value any
}

// env is the value of an environment variable, which the agent puts in.
type env string

// text is made of strings and variables.
type text []any

// expr is what the agent's language says, as it is written.
type expr string

// list is a list of values.
type list []any

// listOf makes a list of strings.
func listOf(texts []string) list {
	all := make(list, len(texts))
	for i, t := range texts {
		all[i] = t
	}
	return all
}

// add appends a member unless its value is empty.
func (t *tree) add(key string, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case env:
		if v == "" {
			return
		}
	case tree:
		if len(v) == 0 {
			return
		}
	case list:
		if len(v) == 0 {
			return
		}
	case nil:
		return
	}
	*t = append(*t, node{key, value})
}

// merge puts more into t: trees key by key, lists at their end, and other
// values in place of what is there.
func (t tree) merge(more tree) tree {
	for _, n := range more {
		i := slices.IndexFunc(t, func(have node) bool { return have.key == n.key })
		if i < 0 {
			t = append(t, n)
			continue
		}
		t[i].value = merged(t[i].value, n.value)
	}
	return t
}

func merged(have, more any) any {
	switch h := have.(type) {
	case tree:
		if m, ok := more.(tree); ok {
			return h.merge(m)
		}
	case list:
		if m, ok := more.(list); ok {
			return slices.Concat(h, m)
		}
	}
	return more
}

// plain turns what a config holds in a free-form field into a tree. Its texts
// are the agent's language: nothing in them is escaped.
func plain(x any) any {
	switch v := x.(type) {
	case map[string]any:
		t := tree{}
		for _, key := range slices.SortedFunc(maps.Keys(v), nameFirst) {
			t = append(t, node{key, plain(v[key])})
		}
		return t
	case []any:
		all := make(list, len(v))
		for i, e := range v {
			all[i] = plain(e)
		}
		return all
	case string:
		return expr(v)
	}
	return x
}

// nameFirst sorts keys, what tells the kind of a thing in front of its settings.
func nameFirst(a, b string) int {
	rank := func(key string) int {
		if key == "name" || key == "type" {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

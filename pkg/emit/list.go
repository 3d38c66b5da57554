package emit

import (
	"slices"

	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
)

// items turns the elements of one list into those of another: first those go
// that are not wanted, from the last to the first, then the others are gone
// through in order, so that each index is right when its operation is applied.
func (d *differ) items(at place, old, want []edit.Value) {
	from := pair(old, want)
	var left []edit.Value
	for _, i := range from {
		if i >= 0 {
			left = append(left, old[i])
		}
	}
	for i := len(old) - 1; i >= 0; i-- {
		if !slices.Contains(from, i) {
			d.testElement(at.index(i), old[i])
			d.op("remove", at.index(i))
		}
	}
	for j, inserted := 0, false; j < len(want); j++ {
		if from[j] < 0 {
			d.insert(at, j, want[j], left, inserted)
			inserted = true
			continue
		}
		d.element(at.index(j), left[0], want[j])
		left, inserted = left[1:], false
	}
}

// element turns an element into another.
func (d *differ) element(at place, old, want edit.Value) {
	if old.Equal(want) {
		return
	}
	if old.Kind == edit.Map {
		d.testElement(at, old)
	}
	d.value(at, old, want)
}

// insert puts a new element in front of those that are left, or behind all.
func (d *differ) insert(list place, at int, v edit.Value, left []edit.Value, again bool) {
	if len(left) == 0 {
		d.op("add", list.end(), v)
		return
	}
	if !again { // else the one before this was put in front of the same
		d.testElement(list.index(at), left[0])
	}
	d.op("add", list.index(at), v)
}

// testElement has the patch fail where another element stands.
func (d *differ) testElement(at place, v edit.Value) {
	if v.Kind != edit.Map {
		d.testScalar(at, v)
		return
	}
	if name, key := keyOf(v); name != "" {
		d.test(at.field(name), key)
	}
}

// keys are the fields that tell an element of a list from its siblings.
func keys() []string { return []string{"mountPath", "name", "containerPort"} }

// keyOf returns the first key of an element, "" when it has none.
func keyOf(v edit.Value) (name string, key edit.Value) {
	for _, name := range keys() {
		if key, ok := v.Get(name); ok && key.Kind != edit.Map && key.Kind != edit.List {
			return name, key
		}
	}
	return "", edit.Value{}
}

// same reports whether two elements of a list are one and the same, changed or
// not: the first key that both have decides. Maps without keys may be.
func same(a, b edit.Value) bool {
	if a.Kind != edit.Map || b.Kind != edit.Map {
		return a.Equal(b)
	}
	for _, name := range keys() {
		keyA, inA := a.Get(name)
		keyB, inB := b.Get(name)
		if inA && inB {
			return keyA.Equal(keyB)
		}
	}
	nameA, _ := keyOf(a)
	nameB, _ := keyOf(b)
	return nameA == nameB
}

// pair returns for every element of b the place in a of the one that it was, or
// -1: as many as can be had without a change of their order.
func pair(a, b []edit.Value) []int {
	from := slices.Repeat([]int{-1}, len(b))
	first := 0
	for first < len(a) && first < len(b) && a[first].Equal(b[first]) {
		from[first] = first
		first++
	}
	endA, endB := len(a), len(b)
	for endA > first && endB > first && a[endA-1].Equal(b[endB-1]) {
		endA, endB = endA-1, endB-1
		from[endB] = endA
	}
	for j, i := range longest(a[first:endA], b[first:endB]) {
		if i >= 0 {
			from[first+j] = first + i
		}
	}
	return from
}

// longest is pair by the longest common subsequence.
func longest(a, b []edit.Value) []int {
	length := make([][]int, len(a)+1) // of what a[i:] and b[j:] have in common
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			length[i][j] = max(length[i+1][j], length[i][j+1])
			if same(a[i], b[j]) {
				length[i][j] = length[i+1][j+1] + 1
			}
		}
	}
	from := slices.Repeat([]int{-1}, len(b))
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case same(a[i], b[j]):
			from[j] = i
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return from
}

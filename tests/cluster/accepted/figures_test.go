package accepted

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// figures count what became of the outputs.
type figures struct {
	sync.Mutex
	outputs, objects, accepted, input, custom int
	pods, podsAccepted, podsOurs, asked       int
}

// cell is a figure with what it counts.
type cell struct {
	of string
	n  int
}

// cells are the figures as a table has them. What a config asks for itself is told
// apart.
func (f *figures) cells() []cell {
	return []cell{
		{"outputs", f.outputs}, {"objects made or changed", f.objects}, {"accepted", f.accepted},
		{"refused without us, for the same reasons", f.input}, {"of kinds without a schema", f.custom},
		{"pod templates as Pods", f.pods}, {"accepted whole", f.podsAccepted}, {"ours accepted beside another app", f.podsOurs},
	}
}

func headings() []string {
	head := []string{"outputs of"}
	for _, c := range (&figures{}).cells() {
		head = append(head, c.of)
	}
	return head
}

func (f *figures) row(name string) []string {
	row := []string{name}
	for _, c := range f.cells() {
		row = append(row, strconv.Itoa(c.n))
	}
	return row
}

func (f *figures) String() string {
	var all []string
	for _, c := range f.cells() {
		all = append(all, fmt.Sprintf("%s: %d", c.of, c.n))
	}
	return strings.Join(all, ", ")
}

// count adds one to some figures.
func (f *figures) count(of ...*int) {
	f.Lock()
	defer f.Unlock()
	for _, n := range of {
		*n++
	}
}

package older

import (
	"fmt"
	"sync"
)

// figures count what became of the cases.
type figures struct {
	sync.Mutex
	changed, unchanged, refused int
}

func (f *figures) add(to *int) {
	f.Lock()
	defer f.Unlock()
	*to++
}

func (f *figures) String() string {
	return fmt.Sprintf("made for %s and decoded strictly: %d outputs; %d unchanged; %d refused with a reason", version, f.changed, f.unchanged, f.refused)
}

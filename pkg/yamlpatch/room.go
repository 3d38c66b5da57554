package yamlpatch

import "bytes"

// Room is where trees go. Whoever works on one document after another may use it
// again for each: that spares most of the garbage. Its zero value is ready; it is
// not for several goroutines at a time.
type Room struct {
	nodes   slab[Node]
	entries slab[Entry]
	open    []Entry      // of the collections that are being read
	text    bytes.Buffer // what is being printed
}

// Clear makes room anew. What was parsed or edited in it is void from then on,
// texts and values are not.
func (r *Room) Clear() {
	r.nodes.clear()
	r.entries.clear()
	if r.open = r.open[:0]; cap(r.open) > maxSlab {
		r.open = nil
	}
}

// maxSlab is how many values are kept for the next document.
const maxSlab = 1 << 15

// slab hands out room for values that come and go together.
type slab[T any] struct{ all, free []T }

// take returns room for n values. Where none is left, it makes some for at least
// as many as it is told, or twice as many as before.
func (s *slab[T]) take(n, least int) []T {
	if n > len(s.free) {
		s.all = make([]T, max(n, least, 2*len(s.all)))
		s.free = s.all
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}

func (s *slab[T]) clear() {
	if len(s.all) > maxSlab {
		s.all = nil
	}
	clear(s.all[:len(s.all)-min(len(s.free), len(s.all))])
	s.free = s.all
}

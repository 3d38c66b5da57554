package inject

import "slices"

// Flags are arguments made of pairs of a flag and its value, without those that
// are empty. The kubelet expands nothing in them.
func Flags(pairs ...string) []string {
	var args []string
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			args = append(args, pair[0]+"="+Literal(pair[1]))
		}
	}
	return args
}

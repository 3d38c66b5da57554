package yamlpatch

import "fmt"

// maxAliased is how many values a text may stand for, aliases written out, beside
// one for each of its bytes. A few lines of aliases of aliases stand for more
// values than memory holds.
const maxAliased = 10_000

// tooHeavy returns an error if the aliases below n stand for too much.
func tooHeavy(n *Node, src string) error {
	most := maxAliased + len(src)
	if weigh(n, most, map[*Node]int{}) <= most {
		return nil
	}
	return &SyntaxError{Msg: fmt.Sprintf("aliases stand for more than %d values; write out what is meant", most)}
}

// weigh counts the values below n, aliases written out. It may stop counting
// behind most.
func weigh(n *Node, most int, known map[*Node]int) int {
	if n = n.Deref(); n == nil {
		return 1
	}
	if sum, ok := known[n]; ok {
		return sum
	}
	sum := 1
	for _, e := range n.Entries {
		if sum > most {
			break
		}
		sum += weigh(e.Value, most, known)
	}
	known[n] = sum
	return sum
}

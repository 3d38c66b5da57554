package adversarial

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/proof/record"
)

var update = flag.Bool("update", false, "write the answers in testdata")

// program is the path of the binary, built once.
var program string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(testAll(m))
}

func testAll(m *testing.M) int {
	dir, err := os.MkdirTemp("", "krm-sidecars-adversarial-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "adversarial:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "krm-sidecars")
	if out, err := exec.Command("go", "build", "-o", program, "../..").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "adversarial: building the program: %v\n%s", err, out)
		return 1
	}
	if err := os.Chmod(dir, 0o755); err != nil { // for tests that run it as nobody
		fmt.Fprintln(os.Stderr, "adversarial:", err)
		return 1
	}
	code := m.Run()
	if code != 0 {
		return code
	}
	if err := counted.tell(); err != nil {
		fmt.Fprintln(os.Stderr, "adversarial:", err)
		return 1
	}
	return code
}

// tally counts the inputs by their answers.
type tally struct {
	lock sync.Mutex
	n    map[verdict]int
}

var counted = tally{n: map[verdict]int{}}

func (c *tally) add(v verdict) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.n[v]++
}

// tell prints the counts, and keeps them as figures.
func (c *tally) tell() error {
	right := c.n[injected] + c.n[literal] + c.n[steady]
	all := c.n[refused] + c.n[passed] + right
	fmt.Printf("adversarial: %d inputs, %d refused, %d passed through unchanged, %d injected rightly\n", all, c.n[refused], c.n[passed], right)
	return record.Write("survives", record.Part{Rows: []record.Row{
		{What: "bad inputs, each given to a process of its own", Result: fmt.Sprint(all)},
		{What: "refused with a message, and nothing changed", Result: fmt.Sprint(c.n[refused])},
		{What: "passed through unchanged, to the byte", Result: fmt.Sprint(c.n[passed])},
		{What: "injected: a second run changes nothing, removal gives the source back", Result: fmt.Sprint(c.n[injected])},
		{What: "injected from a config with a hostile text, which stayed a text for shells, templates and the kubelet", Result: fmt.Sprint(c.n[literal])},
		{What: "with a damaged record of what was added: updated or removed, and a second run changes nothing", Result: fmt.Sprint(c.n[steady])},
	}})
}

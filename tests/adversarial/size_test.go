package adversarial

import (
	"io"
	"os"
	"strings"
	"testing"
)

// endless reads the same byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

const tooLarge = "larger than 64Mi; set the variable KRM_SIDECARS_MAX_INPUT"

// TestSize: what is larger than the limit is refused before it takes all memory,
// from wherever it comes.
func TestSize(t *testing.T) {
	gigabyte := func() io.Reader { return io.LimitReader(endless('a'), 1<<30) }
	for name, c := range map[string]struct {
		stdin io.Reader
		args  []string
		want  string
	}{
		"1 GB of one line":                {gigabyte(), []string{"post-render", "-c", "config.yaml"}, tooLarge},
		"1 GB of one line, to a function": {gigabyte(), nil, tooLarge},
		"1 GB of one line, to inject":     {gigabyte(), []string{"inject", "-c", "config.yaml", "-"}, tooLarge},
		"1 GB of one line, to verify":     {gigabyte(), []string{"verify", "-c", "config.yaml"}, tooLarge},
		"1 GB of line ends":               {io.LimitReader(endless('\n'), 1<<30), []string{"post-render", "-c", "config.yaml"}, tooLarge},
		"without end":                     {endless('-'), []string{"post-render", "-c", "config.yaml"}, tooLarge},
		"without end, as a file":          {nil, []string{"inject", "-c", "config.yaml", "/dev/zero"}, tooLarge},
		"without end, as a config":        {nil, []string{"inject", "-c", "/dev/zero", "in.yaml"}, tooLarge},
		"without end, as a catalog":       {nil, []string{"catalog", "check", "/dev/zero"}, tooLarge},
		"without end, as sums":            {nil, []string{"catalog", "print", "--digests", "/dev/zero"}, tooLarge},
		"a hole of 1 TB":                  {nil, []string{"inject", "-c", "config.yaml", "--write", "hole.yaml"}, tooLarge},
		"a hole of 1 TB in a folder":      {nil, []string{"inject", "-c", "config.yaml", "--write", "."}, tooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, map[string]string{"config.yaml": logs, "in.yaml": web("v", ""), "hole.yaml": ""})
			if err := os.Truncate(d.path("hole.yaml"), 1<<40); err != nil {
				t.Skip("no file of 1 TB can be made here:", err)
			}
			d.refuses(c.stdin, c.want, c.args...)
			if d.read("in.yaml") != web("v", "") {
				t.Error("a file was changed")
			}
		})
	}
}

// refuses runs the program, which must fail with a message and print nothing.
func (d *desk) refuses(stdin io.Reader, says string, args ...string) {
	d.t.Helper()
	a := d.run(stdin, args...)
	counted.add(refused)
	if a.code == 0 || a.stdout != "" || !strings.Contains(a.stderr, says) {
		d.t.Errorf("exit %d, want a refusal and %q:\n%.600s\n%.600s", a.code, says, a.stderr, a.stdout)
	}
}

// TestLimit: the limit can be set.
func TestLimit(t *testing.T) {
	for name, c := range map[string]struct {
		limit, says string
		size        int64
		code        int
	}{
		"at the limit":     {"1Mi", "selects no workload", 1 << 20, 0},
		"beyond the limit": {"1Mi", "larger than 1Mi", 1<<20 + 1, 1},
		"at the default":   {"", "selects no workload", 64 << 20, 0},
		"a higher limit":   {"128Mi", "selects no workload", 80 << 20, 0},
		"a plain number":   {"5000", "larger than 5k", 5001, 1},
		"no size":          {"much", `KRM_SIDECARS_MAX_INPUT="much" is no size; write it like 64Mi`, 1, 1},
		"nothing":          {"0", "is no size", 1, 1},
		"less than that":   {"-1", "is no size", 1, 1},
		"too many digits":  {strings.Repeat("9", 400), "is no size", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, map[string]string{"config.yaml": logs})
			d.env = []string{"KRM_SIDECARS_MAX_INPUT=" + c.limit}
			a := d.run(io.LimitReader(endless('#'), c.size), "post-render", "-c", "config.yaml")
			counted.add(map[int]verdict{0: passed, 1: refused}[a.code])
			if a.code != c.code || !strings.Contains(a.stderr, c.says) || a.code == 0 && int64(len(a.stdout)) < c.size {
				t.Errorf("exit %d, %d bytes, want exit %d and %q:\n%.600s", a.code, len(a.stdout), c.code, c.says, a.stderr)
			}
		})
	}
}

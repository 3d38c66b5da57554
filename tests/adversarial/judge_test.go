package adversarial

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// verdict is what the program did with an input.
type verdict string

const (
	refused  verdict = "refused"  // with a message, and nothing changed
	passed   verdict = "passed"   // through, unchanged
	injected verdict = "injected" // rightly: a second run changes nothing, removal gives the source back
	literal  verdict = "literal"  // injected, and what is hostile is a text like any other
	steady   verdict = "steady"   // changed, and a second run changes nothing
)

// input is something that the program should never be given, with the answer
// that is expected.
type input struct {
	name   string
	text   string // manifests
	want   verdict
	says   string // on stderr
	config string // logs where it is empty
}

const logs = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddLogSidecar
metadata: {name: logs}
spec:
  logs: [{paths: [/var/log/app/app.log]}]
`

// checkAll gives each input to the program, and compares the answers with those
// that are expected.
func checkAll(t *testing.T, inputs []input) {
	t.Helper()
	for _, in := range inputs {
		t.Run(in.name, func(t *testing.T) {
			t.Parallel()
			got, said := in.judge(t)
			if got != in.want || !strings.Contains(said, in.says) {
				t.Errorf("%s, want %s and %q:\n%.600s", got, in.want, in.says, said)
			}
		})
	}
}

// judge gives an input to the program, as a file and as a stream, and holds it to
// what must be true of every answer.
func (in input) judge(t *testing.T) (verdict, string) {
	t.Helper()
	if in.config == "" {
		in.config = logs
	}
	d := newDesk(t, map[string]string{"config.yaml": in.config, "in.yaml": in.text})
	a := d.run(nil, "inject", "-c", "config.yaml", "--write", "in.yaml")
	text := d.read("in.yaml")
	if a.stdout != "" {
		t.Errorf("--write prints:\n%.600s", a.stdout)
	}
	got := verdictOf(a, in.text, text)
	counted.add(got)
	switch got {
	case refused:
		if diff := cmp.Diff(in.text, text); diff != "" {
			t.Errorf("refused, and the file was changed (-before +after):\n%.600s", diff)
		}
	case injected:
		d.holds(in.text, text, a.stderr)
	}
	d.tidy("config.yaml", "in.yaml")
	d.streams(in.text, text, got)
	return got, a.stderr
}

func verdictOf(a answer, before, after string) verdict {
	switch {
	case a.code != 0:
		return refused
	case before == after:
		return passed
	}
	return injected
}

// streams checks that the same text on stdin gets the same answer.
func (d *desk) streams(src, want string, as verdict) {
	d.t.Helper()
	a := d.run(strings.NewReader(src), "post-render", "-c", "config.yaml")
	switch {
	case as == refused:
		want = ""
	case strings.TrimSpace(src) == "":
		want = "# no manifests\n"
	}
	if a.stdout != want || (a.code != 0) != (as == refused) {
		d.t.Errorf("%s as a file, exit %d as a stream (-file +stream):\n%.600s\n%.600s", as, a.code, cmp.Diff(want, a.stdout), a.stderr)
	}
}

// anew are the words of results that tell why removal does not give the same
// bytes back.
var anew = []string{"formatted anew", "written out", "corrected"}

// holds checks an injection: it is YAML if the source is, a second run changes
// nothing, and removal gives the source back.
func (d *desk) holds(src, text, said string) {
	d.t.Helper()
	if _, err := documents(text); err != nil && isYAML(src) {
		d.t.Errorf("what was written is no YAML: %v\n%.600s", err, text)
	}
	if again := d.run(nil, "inject", "-c", "config.yaml", "--write", "in.yaml"); again.code != 0 || d.read("in.yaml") != text {
		d.t.Errorf("a second run, exit %d, changes (-once +twice):\n%.600s\n%.600s", again.code, cmp.Diff(text, d.read("in.yaml")), again.stderr)
	}
	a := d.run(nil, "remove", "--all", "--write", "in.yaml")
	back := d.read("in.yaml")
	if a.code == 0 && back == src {
		return
	}
	for _, words := range anew {
		if a.code == 0 && strings.Contains(said, words) && sameValues(src, back) {
			return
		}
	}
	d.t.Errorf("removing, exit %d, does not give the source back (-source +got):\n%.600s\n%.600s", a.code, cmp.Diff(src, back), a.stderr)
}

// tidy checks that the folder holds these files, and no others.
func (d *desk) tidy(want ...string) {
	d.t.Helper()
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		d.t.Errorf("files (-want +got):\n%s", diff)
	}
}

// documents reads a stream with another YAML library, aliases as they are.
func documents(text string) ([]*yaml.Node, error) {
	var all []*yaml.Node
	for dec := yaml.NewDecoder(strings.NewReader(text)); ; {
		var doc yaml.Node
		switch err := dec.Decode(&doc); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, &doc)
	}
}

func isYAML(text string) bool {
	_, err := documents(text)
	return err == nil
}

// sameValues compares what streams mean, however they are written.
func sameValues(a, b string) bool {
	x, errX := values(a)
	y, errY := values(b)
	return errX == nil && errY == nil && cmp.Equal(x, y)
}

func values(text string) ([]any, error) {
	docs, err := documents(text)
	all := make([]any, len(docs))
	for i, doc := range docs {
		err = errors.Join(err, doc.Decode(&all[i]))
	}
	return all, err
}

// Package readers reads what the functions answer with programs that need
// dependencies of their own: the SDK as kpt carries it on, which Porch uses, and
// kubectl's client side.
package readers

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kptdev/krm-functions-sdk/go/fn"
	"k8s.io/cli-runtime/pkg/resource"
)

// root is the folder of the repository.
const root = "../.."

// product is the binary under test.
var product string

func TestMain(m *testing.M) {
	os.Exit(withProduct(m.Run))
}

func withProduct(run func() int) int {
	dir, err := os.MkdirTemp("", "krm-sidecars-readers-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "tests/readers:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	product = filepath.Join(dir, "krm-sidecars")
	cmd := exec.Command("go", "build", "-o", product, ".")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "tests/readers: go build: %v\n%s", err, out)
		return 1
	}
	return run()
}

// answer runs the product and returns what it prints.
func answer(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), product, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("krm-sidecars %q: %v\n%s", args, err, stderr.String())
	}
	return stdout.String()
}

// each runs a test for every function, with a list of workloads for it.
func each(t *testing.T, test func(t *testing.T, name, list string)) {
	t.Helper()
	for line := range strings.Lines(answer(t, "", "list")) {
		name, _, _ := strings.Cut(line, " ")
		t.Run(name, func(t *testing.T) {
			t.Helper()
			test(t, name, listFor(t, name))
		})
	}
}

// workloads are the items of every list.
const workloads = `- apiVersion: v1
  kind: Service # in front of the app
  metadata:
    name: web
  spec:
    selector: {app: web}
    ports:
    - port: 80
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
    annotations:
      internal.config.kubernetes.io/path: 'web.yaml'
      internal.config.kubernetes.io/index: '1'
  spec:
    selector:
      matchLabels: {app: web}
    template:
      metadata:
        labels: {app: web}
      spec:
        containers:
        # the only one
        - name: app
          image: "nginx:1.29"
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: a
  data: {number: "012", text: 'quoted'}
`

// listFor is a list with the function's own example for a config.
func listFor(t *testing.T, name string) string {
	t.Helper()
	config := strings.TrimSpace(answer(t, "", "example", name))
	return "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n" + workloads +
		"functionConfig:\n  " + strings.ReplaceAll(config, "\n", "\n  ") + "\n"
}

// TestP8_RoundTripThroughTheSDK: what the SDK has read and written is as good as
// the answer itself, and is taken back to where it came from.
func TestP8_RoundTripThroughTheSDK(t *testing.T) {
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		plain := throughSDK(t, list)
		once := throughSDK(t, answer(t, plain, name))
		if once == plain && !strings.HasPrefix(name, "lint-") {
			t.Fatal("the function does nothing")
		}
		if twice := throughSDK(t, answer(t, withoutResults(once), name)); twice != once {
			t.Errorf("the second answer differs:\n%s\nthe first:\n%s", twice, once)
		}
		if removed := answer(t, once, "remove", "--all", "-"); itemsOf(removed) != itemsOf(plain) {
			t.Errorf("removing gives\n%s\nwant\n%s", itemsOf(removed), itemsOf(plain))
		}
	})
}

// throughSDK is what Porch does with an answer.
func throughSDK(t *testing.T, list string) string {
	t.Helper()
	rl, err := fn.ParseResourceList([]byte(list))
	if err != nil {
		t.Fatalf("the SDK does not read the list: %v\n%s", err, list)
	}
	if len(rl.Items) == 0 || rl.FunctionConfig == nil {
		t.Fatal("the SDK reads no items or no functionConfig")
	}
	text, err := rl.ToYAML()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func itemsOf(list string) string {
	_, rest, _ := strings.Cut(list, "\nitems:\n")
	items, _, _ := strings.Cut(rest, "\nfunctionConfig:\n")
	return items
}

// withoutResults takes the results away: what a host sends again are the items.
func withoutResults(list string) string {
	before, _, _ := strings.Cut(list, "\nresults:\n")
	return strings.TrimSuffix(before, "\n") + "\n"
}

// TestS17_KubectlDecodesEveryAnswer as `kubectl apply --dry-run=client` does.
func TestS17_KubectlDecodesEveryAnswer(t *testing.T) {
	each(t, func(t *testing.T, name, list string) {
		t.Helper()
		rl, err := fn.ParseResourceList([]byte(answer(t, list, name)))
		if err != nil {
			t.Fatal(err)
		}
		var stream strings.Builder
		for _, item := range rl.Items {
			stream.WriteString("---\n" + item.String())
		}
		if got := decoded(t, stream.String()); got != len(rl.Items) || got < strings.Count(workloads, "- apiVersion: ") {
			t.Errorf("kubectl reads %d of %d objects", got, len(rl.Items))
		}
	})
}

// decoded counts what kubectl reads from a stream.
func decoded(t *testing.T, stream string) int {
	t.Helper()
	infos, err := resource.NewLocalBuilder().
		Unstructured().Local().Stream(strings.NewReader(stream), "stdin").ContinueOnError().Flatten().Do().Infos()
	if err != nil {
		t.Fatalf("kubectl does not read\n%s%v", stream, err)
	}
	return len(infos)
}

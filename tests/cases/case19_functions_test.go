package cases

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// suite returns all functions, two of them twice, as testdata/order/functions.yaml
// configures them.
func suite(t *testing.T) []*krm.Instance {
	t.Helper()
	src, err := os.ReadFile(suiteFile)
	if err != nil {
		t.Fatal(err)
	}
	instances, err := krm.ReadConfigs(all(), suiteFile, string(src))
	if err != nil {
		t.Fatal(err)
	}
	return instances
}

const suiteFile = "testdata/order/functions.yaml"

// inputs returns the manifests in testdata/order, by their names.
func inputs(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/order/*")
	if err != nil || len(files) < 10 {
		t.Fatalf("testdata/order holds %v (%v)", files, err)
	}
	texts := map[string]string{}
	for _, file := range files {
		if file == suiteFile {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(src)
	}
	return texts
}

// orders returns instances in all orders of their functions. In every other one
// the instances of a function are the other way round, too.
func orders(instances []*krm.Instance) [][]*krm.Instance {
	var groups [][]*krm.Instance
	for _, in := range instances {
		if last := len(groups) - 1; last >= 0 && groups[last][0].Function.Name == in.Function.Name {
			groups[last] = append(groups[last], in)
		} else {
			groups = append(groups, []*krm.Instance{in})
		}
	}
	var orders [][]*krm.Instance
	for n, permutation := range permutations(len(groups)) {
		var order []*krm.Instance
		for _, i := range permutation {
			group := slices.Clone(groups[i])
			if n%2 == 1 {
				slices.Reverse(group)
			}
			order = append(order, group...)
		}
		orders = append(orders, order)
	}
	return orders
}

func owners(instances []*krm.Instance) string {
	var names []string
	for _, in := range instances {
		names = append(names, in.Owner.String())
	}
	return strings.Join(names, " ")
}

// oneByOne lets each instance run on what the one before it made, as kustomize
// and kpt do.
func oneByOne(t *testing.T, instances []*krm.Instance, src string) string {
	t.Helper()
	for i := range instances {
		src = must(t, instances[i:i+1], src)
	}
	return src
}

// A pass over all functions gives the same bytes in every order.
func TestCase19_FunctionsAtOnceInAnyOrder(t *testing.T) {
	for name, src := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := suite(t)
			whole, _ := run{t, all}.keeps(src)
			for _, order := range orders(all) {
				if diff := cmp.Diff(whole, must(t, order, src)); diff != "" {
					t.Fatalf("%s (-as configured +in this order):\n%s", owners(order), diff)
				}
			}
		})
	}
}

// Passes of one function each say the same in every order, with the same words,
// as a pass over all. Only where they stand may differ: what two functions share
// stands where the first one put it, and generated objects in the order in which
// they were made.
func TestCase19_FunctionsOneByOneInAnyOrder(t *testing.T) {
	for name, src := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := suite(t)
			whole, _ := run{t, all}.keeps(src)
			for _, order := range orders(all) {
				got := oneByOne(t, order, src)
				if diff := cmp.Diff(meaning(t, whole), meaning(t, got)); diff != "" {
					t.Fatalf("%s (-at once +one by one):\n%s", owners(order), diff)
				}
				if diff := cmp.Diff(parts(whole), parts(got)); diff != "" {
					t.Fatalf("%s: other words (-at once +one by one):\n%s", owners(order), diff)
				}
				if diff := cmp.Diff(src, removed(t, got)); diff != "" {
					t.Fatalf("%s (-original +removed):\n%s", owners(order), diff)
				}
			}
		})
	}
}

// What all have done, each leaves alone, whoever runs next.
func TestCase19_FunctionsAgainOneByOne(t *testing.T) {
	for name, src := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := suite(t)
			whole, _ := run{t, all}.keeps(src)
			for i, in := range all {
				if diff := cmp.Diff(whole, must(t, all[i:i+1], whole)); diff != "" {
					t.Errorf("%s runs again (-once +again):\n%s", in.Owner, diff)
				}
			}
		})
	}
}

// Whoever goes, alone or after others, leaves what the rest makes without it.
func TestCase19_FunctionsGoOneByOne(t *testing.T) {
	for name, src := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := suite(t)
			whole, _ := run{t, all}.keeps(src)
			for first := range all {
				goOneByOne(t, slices.Concat(all[first:], all[:first]), whole, src)
			}
		})
	}
}

// goOneByOne removes instances from a text, and compares with what the others
// make of src.
func goOneByOne(t *testing.T, all []*krm.Instance, text, src string) {
	t.Helper()
	for i, in := range all[:len(all)-1] {
		text = removeOwner(t, text, in.Owner)
		left := all[i+1:]
		if diff := cmp.Diff(meaning(t, must(t, left, src)), meaning(t, text)); diff != "" {
			t.Fatalf("only %s are left (-never there +removed):\n%s", owners(left), diff)
		}
	}
	if diff := cmp.Diff(src, removeOwner(t, text, all[len(all)-1].Owner)); diff != "" {
		t.Fatalf("all are gone, %s first (-original +removed):\n%s", all[0].Owner, diff)
	}
}

func TestCase19_FunctionsInTheDocumentedOrder(t *testing.T) {
	all, texts := suite(t), inputs(t)
	for name, want := range map[string]string{
		"mesh-native.yaml":    "istio-init istio-proxy vault-agent-init migrate nginx-exporter audit-sidecar log-sidecar | nginx",
		"mesh-container.yaml": "vault-agent-init early istio-init migrate nginx-exporter audit-sidecar log-sidecar | nginx istio-proxy",
	} {
		for _, instances := range orders(all) {
			if got := order(oneByOne(t, instances, texts[name])); got != want {
				t.Errorf("%s: %s gives %s, want %s", name, owners(instances), got, want)
			}
		}
	}
}

// Of two instances of one function, the first to run gets the plain names; in one
// pass that is the first by name. Each can go, and the next run of the other gives
// what it makes alone.
func TestCase19_TwoInstancesOfEachFunction(t *testing.T) {
	for kind, specs := range map[string][2]string{
		addLogs:     {appLog, "logs: [{paths: [/srv/b/b.log]}]"},
		addVault:    {webSecret, webSecret + "mode: native\nmount: {path: /certs}"},
		addExporter: {redis + "discovery: {podMonitor: {}}", "preset: memcached\ndiscovery: {podMonitor: {}}"},
		addMesh:     {istio, "mesh: opentelemetry"},
	} {
		a, b := configured(t, kind, "a", specs[0]), configured(t, kind, "b", specs[1])
		for _, pair := range [][]*krm.Instance{{a, b}, {b, a}} {
			src := serving(app)
			both := oneByOne(t, pair, src)
			if diff := cmp.Diff(src, removed(t, both)); diff != "" {
				t.Errorf("%s (-original +removed):\n%s", owners(pair), diff)
			}
			for i, gone := range pair {
				other := pair[1-i : 2-i]
				got := must(t, other, removeOwner(t, both, gone.Owner))
				if diff := cmp.Diff(must(t, other, src), got); diff != "" {
					t.Errorf("%s is gone, and %s runs again (-alone +left):\n%s", gone.Owner, other[0].Owner, diff)
				}
			}
		}
	}
}

package cases

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// owner is a config that shares something with the others in sharers.
type owner struct{ name, kind, spec string }

// sharers meet in volumes, lists, ports and their names, the Service, and
// containers of the user's.
func sharers() []owner {
	return []owner{
		{"secrets", addVault, webSecret + "mesh: {name: linkerd, excludePort: true}"},
		{"token", addVault, oneVariable + "mode: native\nmount: {path: /certs}"},
		{"redis", addExporter, redis + "discovery: {serviceMonitor: {}, annotations: {}}"},
		{"memcached", addExporter, "preset: memcached\ndiscovery: {serviceMonitor: {}}"},
		{"jmx", addExporter, jmx + "discovery: {podMonitor: {}}"},
		{"native", addExporter, "preset: native\nport: 80\ndiscovery: {podMonitor: {}}"},
		{"access-log", addExporter, "preset: nginxlog\ndiscovery: {vmPodScrape: {}}\nexcludeFromMesh: linkerd"},
		{"linkerd", addMesh, "mesh: linkerd\nlinkerd: {skipOutboundPorts: [8200], skipInboundPorts: [4040]}"},
		{"print", addLogs, "logs: [{paths: [/var/log/nginx/access.log]}]\nfsGroup: 2000"},
		{"ship", addLogs, "logs: [{paths: [/var/log/app/x.log]}]\nagent: vector\ndestination: {loki: {url: \"https://loki\"}}\ninjectAs: container"},
	}
}

// Of any two owners, whoever ran first and however: both can run again without a
// change, and each can go.
func TestCase19_AnyTwo(t *testing.T) {
	src := serving(runner+app+"  command: [run]\n  ports: [{containerPort: 80}]\n  env: [{name: X, value: y}]") + labelledService
	all := sharers()
	for i, a := range all {
		for _, b := range all[i+1:] {
			t.Run(a.name+" and "+b.name, func(t *testing.T) {
				t.Parallel()
				one, two := configured(t, a.kind, a.name, a.spec), configured(t, b.kind, b.name, b.spec)
				atOnce, _ := run{t, []*krm.Instance{one, two}}.keeps(src)
				for how, whole := range map[string]string{
					"at once": atOnce, "one by one": oneByOne(t, []*krm.Instance{one, two}, src), "the other way round": oneByOne(t, []*krm.Instance{two, one}, src),
				} {
					t.Run(how, func(t *testing.T) {
						partsWell(t, one, two, whole, src)
						partsWell(t, two, one, whole, src)
					})
				}
			})
		}
	}
}

// partsWell checks that an instance leaves what it has done with another one
// alone, and that the other one is the same without it.
func partsWell(t *testing.T, gone, stays *krm.Instance, whole, src string) {
	t.Helper()
	if diff := cmp.Diff(whole, must(t, []*krm.Instance{gone}, whole)); diff != "" {
		t.Errorf("%s runs again (-once +again):\n%s", gone.Owner, diff)
	}
	left := removeOwner(t, whole, gone.Owner)
	if diff := cmp.Diff(meaning(t, must(t, []*krm.Instance{stays}, src)), meaning(t, must(t, []*krm.Instance{stays}, left))); diff != "" {
		t.Errorf("%s runs again without %s (-alone +left):\n%s", stays.Owner, gone.Owner, diff)
	}
	if diff := cmp.Diff(src, removeOwner(t, left, stays.Owner)); diff != "" {
		t.Errorf("%s is gone, then %s (-original +removed):\n%s", gone.Owner, stays.Owner, diff)
	}
}

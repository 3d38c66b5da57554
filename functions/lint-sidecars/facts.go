package lint

import (
	"slices"
	"strings"
	"sync"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
)

// role is what an image that stands beside an app does.
type role string

// The roles of helpers. Apps have none.
const (
	noRole  role = ""
	logs    role = "logs"    // reads the app's log files
	metrics role = "metrics" // serves the app's numbers
	proxy   role = "proxy"   // handles the app's traffic
	egress  role = "egress"  // does so, and the app and its init containers need it
	syncing role = "sync"    // keeps files up to date
	secrets role = "secrets" // fetches secrets
)

// fact is what is known about the images of a repository. "-" stands for nothing.
type fact struct {
	repository string // its last parts, as mirrors keep them; * in front of the last for any beginning
	role       role
	user       string // the name of the user, where the image has a name and no number
	base       string // what there is besides the program: none, busybox, or - for unknown
	tags       string // whose base that is: all, those with a word, or !those with none of several
	ends       string // word of the command line with which it ends by itself
}

// factLines is the table, the most special first: the first row that fits counts.
const factLines = `
fluent/fluent-bit                              logs     -          none     !debug       -
fluent/fluentd                                 logs     fluent     -        -            -
fluent/fluentd-kubernetes-daemonset            logs     -          -        -            -
aws-observability/aws-for-fluent-bit           logs     -          -        -            -
amazon/aws-for-fluent-bit                      logs     -          -        -            -
beats/filebeat                                 logs     filebeat   -        -            --once
beats/filebeat-oss                             logs     filebeat   -        -            --once
elastic/filebeat                               logs     filebeat   -        -            --once
timberio/vector                                logs     -          none     distroless   -
opentelemetry-collector                        logs     -          none     all          -
opentelemetry-collector-contrib                logs     -          none     all          -
opentelemetry-collector-k8s                    logs     -          none     all          -
grafana/alloy                                  logs     -          -        -            -
grafana/agent                                  logs     -          -        -            -
grafana/promtail                               logs     -          -        -            -

nginx-prometheus-exporter                      metrics  -          none     all          -
oliver006/redis_exporter                       metrics  -          none     !alpine      -
percona/mongodb_exporter                       metrics  -          none     all          -
prometheuscommunity/*exporter                  metrics  nobody     busybox  all          -
prometheus/*exporter                           metrics  nobody     busybox  all          -
prom/*exporter                                 metrics  nobody     busybox  all          -
*exporter                                      metrics  -          -        -            -

envoyproxy/envoy                               proxy    -          none     distroless   --mode
istio/proxyv2                                  proxy    -          none     distroless   istio-iptables
linkerd/proxy                                  proxy    -          -        -            -
oauth2-proxy/oauth2-proxy                      proxy    -          none     !alpine      -
cloud-sql-connectors/cloud-sql-proxy           egress   -          none     !buster,bullseye,bookworm,alpine quitquitquit
alloydb-connectors/alloydb-auth-proxy          egress   -          none     !buster,bullseye,bookworm,alpine quitquitquit
cloudsql-docker/gce-proxy                      egress   -          none     !buster,alpine -
ghostunnel/ghostunnel                          proxy    -          none     distroless   -
kube-rbac-proxy                                proxy    -          none     all          -
cloudflare/cloudflared                         proxy    -          none     all          -
daprio/daprd                                   proxy    -          none     !mariner     -
hashicorp/consul-dataplane                     proxy    -          none     all          -
kumahq/kuma-dp                                 proxy    -          -        -            -

git-sync/git-sync                              sync     -          -        -            one-time
kiwigrid/k8s-sidecar                           sync     -          -        -            LIST
jimmidyson/configmap-reload                    sync     -          none     all          -
prometheus-operator/prometheus-config-reloader sync     nobody     busybox  all          watch-interval=0

hashicorp/vault                                secrets  -          -        -            exit
openbao/openbao                                secrets  openbao    -        -            exit
vault                                          secrets  -          -        -            exit

liquibase/liquibase                            -        liquibase  -        -            -
distroless/*                                   -        -          none     !debug       -
pause                                          -        -          none     all          -
busybox                                        -        -          busybox  !glibc-dev   -
alpine                                         -        -          busybox  all          -
`

// facts is the table, read.
var facts = sync.OnceValue(func() []fact {
	var all []fact
	for line := range strings.Lines(factLines) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		for i := range f {
			f[i] = strings.TrimSuffix(f[i], "-")
		}
		all = append(all, fact{f[0], role(f[1]), f[2], f[3], f[4], f[5]})
	}
	return all
})

// reference is an image as a manifest names it.
type reference struct{ images.Reference }

func parseImage(image string) reference { return reference{images.Parse(image)} }

// is reports whether the repository ends as a pattern of the tables does.
func (r reference) is(pattern string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(r.Repository, "/")
	if len(have) < len(want) {
		return false
	}
	have = have[len(have)-len(want):]
	for i, part := range want {
		ending, any := strings.CutPrefix(part, "*")
		if part != have[i] && (!any || !strings.HasSuffix(have[i], ending)) {
			return false
		}
	}
	return true
}

// factOf is what is known about an image; an empty fact for most.
func factOf(image string) fact {
	ref := parseImage(image)
	for _, f := range facts() {
		if ref.is(f.repository) {
			return f
		}
	}
	return fact{}
}

// baseOf is what there is in an image besides its program; "" where nobody knows.
func baseOf(image string) string {
	f, tag := factOf(image), parseImage(image).Tag
	words, without := strings.CutPrefix(f.tags, "!")
	with := slices.ContainsFunc(strings.Split(words, ","), func(word string) bool { return strings.Contains(tag, word) })
	if f.tags == "all" || with != without {
		return f.base
	}
	return ""
}

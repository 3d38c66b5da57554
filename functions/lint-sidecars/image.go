package lint

import (
	"cmp"
	"strconv"
	"strings"
	"sync"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// imageRules are about images.
func imageRules() []rule {
	return []rule{{
		id: "SC015", name: "floating-image", severity: pod.Warning, check: floating,
		about:  "The tag of an image is missing, or latest: each start may get another version.",
		remedy: "name a version",
	}, {
		id: "SC016", name: "dead-image", severity: pod.Warning, check: outdated,
		about:  "An image gets no updates any more, has moved, or its registry is misspelt.",
		remedy: "use what the message names",
	}}
}

func floating(s *subject) {
	for c := range s.all() {
		s.pinned(c.at+".image", c.Image)
	}
	for _, v := range s.spec.Volumes {
		if v.Image != nil {
			s.pinned("spec.volumes[name="+v.Name+"].image.reference", v.Image.Reference)
		}
	}
}

// pinned judges how an image is named.
func (s *subject) pinned(at, name string) {
	image := parseImage(name)
	switch {
	case name == "" || name == "auto" || image.Digest != "" || strings.ContainsAny(name, "${}<>"):
	case s.config.RequireDigest:
		s.findTo("write "+name+"@sha256:... with the digest", at, "%s has no digest: what it means may change", name)
	case image.Tag == "" && image.isShort():
		s.findAs(pod.Info, at, "%s has neither registry nor tag, and means nothing where no tool fills it in", name)
	case image.Tag == "":
		s.findf(at, "%s has no tag, which means latest", name)
	case image.Tag == "latest":
		s.findf(at, "%s may be another version with each start", name)
	}
}

// dead is an image that should not be used any more.
type dead struct {
	image  string // host/ at the beginning, =the/whole, or its last parts
	tags   string // beginnings of the tags that are meant; "" for all
	beside string // only beside this image, from a version on
	advice string
}

// deadLines is the table: image, tags, beside, and what to say. "-" stands for
// nothing.
const deadLines = `
bitnami/*                       -     -             has had no new free images since 2025; use the image of the project itself, or one that you pay for
bitnamilegacy/*                 -     -             gets no updates; use the image of the project itself
grafana/promtail                -     -             has had no updates since March 2026; use grafana/alloy
grafana/agent                   -     -             has had no updates since November 2025; use grafana/alloy
beats/filebeat                  5,6,7 -             is of a version without updates; use 8 or 9
beats/filebeat-oss              5,6,7 -             is of a version without updates; use 8 or 9
cloudsql-docker/gce-proxy       -     -             is version 1, which gets no updates; use gcr.io/cloud-sql-connectors/cloud-sql-proxy, whose flags differ
*git-sync                       v2,v3 -             is of a version without updates; use registry.k8s.io/git-sync/git-sync:v4, whose flags differ
kubebuilder/kube-rbac-proxy     -     -             is gone from that registry; use quay.io/brancz/kube-rbac-proxy
coreos/kube-rbac-proxy          -     -             has moved; use quay.io/brancz/kube-rbac-proxy
coreos/configmap-reload         -     -             has moved; use ghcr.io/jimmidyson/configmap-reload
coreos/prometheus-config-reloader -   -             has moved; use quay.io/prometheus-operator/prometheus-config-reloader
=vault                          -     -             has had no updates since 2023; use hashicorp/vault
=consul                         -     -             has had no updates since 2023; use hashicorp/consul
wrouesnel/postgres_exporter     -     -             has moved; use quay.io/prometheuscommunity/postgres-exporter
justwatch/elasticsearch_exporter -    -             has moved; use quay.io/prometheuscommunity/elasticsearch-exporter
bitly/oauth2_proxy              -     -             has moved; use quay.io/oauth2-proxy/oauth2-proxy
a5huynh/oauth2_proxy            -     -             has moved; use quay.io/oauth2-proxy/oauth2-proxy
pusher/oauth2_proxy             -     -             has moved; use quay.io/oauth2-proxy/oauth2-proxy
square/ghostunnel               -     -             has moved; use ghostunnel/ghostunnel
squareup/ghostunnel             -     -             has moved; use ghostunnel/ghostunnel
jaegertracing/jaeger-agent      -     -             is no longer made; let the app send OTLP, to an OpenTelemetry collector or to Jaeger itself
*haproxy-exporter               -     haproxy:2.4   is not needed: HAProxy serves its own metrics; use preset haproxy of add-exporter
*rabbitmq-exporter              -     rabbitmq:4    does not know RabbitMQ 4, which serves its own metrics; use preset rabbitmq of add-exporter

k8s.gcr.io/                     -     -             comes from a registry that gets no new images; use registry.k8s.io
gcr.io/google_containers/       -     -             comes from a registry that gets no new images; use registry.k8s.io
gcr.io/google-containers/       -     -             comes from a registry that gets no new images; use registry.k8s.io
registry.k8.io/                 -     -             comes from a registry that is not there; write registry.k8s.io
regsitry.k8s.io/                -     -             comes from a registry that is not there; write registry.k8s.io
k8s.grc.io/                     -     -             comes from a registry that is not there; write registry.k8s.io
grc.io/                         -     -             comes from a registry that is not there; write gcr.io
gchr.io/                        -     -             comes from a registry that is not there; write ghcr.io
ghrc.io/                        -     -             comes from a registry that is not there; write ghcr.io
gcrh.io/                        -     -             comes from a registry that is not there; write ghcr.io
qauy.io/                        -     -             comes from a registry that is not there; write quay.io
quai.io/                        -     -             comes from a registry that is not there; write quay.io
dokcer.io/                      -     -             comes from a registry that is not there; write docker.io
docker.oi/                      -     -             comes from a registry that is not there; write docker.io
`

var deadTable = sync.OnceValue(func() []dead {
	var all []dead
	for line := range strings.Lines(deadLines) {
		f := strings.Fields(line)
		if len(f) < 4 {
			continue
		}
		for i := range f[:3] {
			f[i] = strings.TrimSuffix(f[i], "-")
		}
		all = append(all, dead{f[0], f[1], f[2], strings.Join(f[3:], " ")})
	}
	return all
})

// means reports whether a row is about an image.
func (d dead) means(image reference) bool {
	whole, exact := strings.CutPrefix(d.image, "=")
	switch {
	case exact:
		name := image.Repository
		for _, host := range []string{"docker.io/", "index.docker.io/", "library/"} {
			name = strings.TrimPrefix(name, host)
		}
		return name == whole
	case strings.HasSuffix(d.image, "/"):
		return strings.HasPrefix(image.Repository, d.image)
	case !image.is(d.image):
		return false
	}
	if d.tags == "" {
		return true
	}
	for start := range strings.SplitSeq(d.tags, ",") {
		if rest, ok := strings.CutPrefix(image.Tag, start); ok && (rest == "" || rest[0] == '.' || rest[0] == '-') {
			return true
		}
	}
	return false
}

func outdated(s *subject) {
	for c := range s.all() {
		for _, d := range deadTable() {
			if d.means(parseImage(c.Image)) && (d.beside == "" || s.runs(d.beside)) {
				problem, remedy, _ := strings.Cut(d.advice, "; ")
				s.findTo(remedy, c.at+".image", "%s %s", c.Image, problem)
				break
			}
		}
	}
}

// runs reports whether a container of the pod has an image, from a version on.
func (s *subject) runs(from string) bool {
	want := parseImage(from)
	for c := range s.all() {
		if image := parseImage(c.Image); image.is(want.Repository) && versionFrom(image.Tag, want.Tag) {
			return true
		}
	}
	return false
}

// versionFrom reports whether a tag such as 2.4.1-alpine is of a version, or newer;
// not when it holds no version.
func versionFrom(tag, version string) bool {
	have, want := numbers(tag), numbers(version)
	for i := range want {
		if i >= len(have) {
			return false
		}
		if c := cmp.Compare(have[i], want[i]); c != 0 {
			return c > 0
		}
	}
	return true
}

func numbers(tag string) []int {
	tag, _, _ = strings.Cut(strings.TrimPrefix(tag, "v"), "-")
	var all []int
	for part := range strings.SplitSeq(tag, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			break
		}
		all = append(all, n)
	}
	return all
}

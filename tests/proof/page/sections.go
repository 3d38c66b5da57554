package page

// section is a part of the page: what was asked, how, and how to ask again.
type section struct {
	name, title, text, command string
}

// sections are in the order of the page. Their names are those of the parts.
func sections() []section {
	return []section{
		{"accepted", "Accepted by an API server", `Every golden output, every example, and two repositories of manifests that others wrote, after each function
has run on them, go to a real kube-apiserver 1.36.3 as a dry run with strict field validation, in a namespace that enforces Pod
Security ` + "`restricted`" + `. Where the app itself is not accepted, our containers are judged in a pod whose app is. Pod templates
of kinds that the server does not know are sent as Pods. What is made for Kubernetes 1.28 is checked with the types of 1.28
in ` + "`make older`" + `.`, "make e2e-cluster"},
		{"logs", "Log sidecars at work", `On a full cluster (Kubernetes 1.36.3, kubelet 1.34.4, containerd of Debian 12) an app writes a file, which is rotated and
cut off meanwhile; what comes out of the sidecar is compared line by line. The shell and tail are busybox 1.35, filebeat
is 7.17.29, under the names of the images that we inject.`, "make e2e-cluster"},
		{"exporters", "Exporters at work", `On the same cluster the port and path that the discovery objects name are asked, at the pod's address. Exporters are built
from Go modules, not all in the version of the injected image: nginx 1.1.0, redis 1.88.0, statsd 0.28.0, blackbox 0.26.0.`, "make e2e-cluster"},
		{"vault", "Secrets of Vault at work", `A real Vault 1.18.0, server and agent, logged in to with the cluster's service account tokens; key/value engine and PKI.`, "make e2e-cluster"},
		{"guide", "Init containers, proxies and any sidecar at work", `On the same cluster, with real programs in the images that we inject, not all in their versions: busybox 1.35, curl 7.88,
kubectl 1.36.3, pg_isready and PostgreSQL 15, redis-cli 7.0, golang-migrate 4.19.1, rclone 1.60, kube-rbac-proxy 0.19.1,
ghostunnel 1.8.4, prometheus-config-reloader 0.85.0, MariaDB 10.11, oras 1.3.6, gomplate 3.9.0, cloud-sql-proxy 2.25.3. The
registry is Docker's 2.8.2. Servers that are waited for are started after the pod. git-sync, configmap-reload, oauth2-proxy,
cloudflared, Envoy and Consul are in no module that can be built here; they were not run, nor was alloydb-auth-proxy.`, "make e2e-cluster"},
		{"mesh", "Meshes", `The webhook of Istio, from Istio's own module and chart, gets what the function made, by the selectors that the chart
gives to the API server.`, "make mesh"},
		{"together", "All on one pod", `Log sidecar, Vault agent, exporter and mesh labels on one pod, by one InjectSidecars, and taken away again.`, "make e2e-cluster"},
		{"survives", "Bad input", `Each input runs in a process of its own with five seconds and 2 GiB. Refused means: an error that names the place, exit
code 1 or 2, nothing on stdout, files as they were. What passes is read again, run again without a change, and taken away to
the byte.`, "go test ./tests/adversarial"},
		{"faster", "Speed", `Each tool runs as a process of its own on the same file, in turns. The command fails where we do not take an eighth of
ytt's time and a sixtieth of kustomize's, and less memory than both; the table says how far we are. A line of the input is
lost when a minimal diff to the output takes it away: because it was dropped, moved, or written in another way. Lines that
are there and nobody asked for are not counted. istioctl asks a cluster, so its library runs with the templates of its
chart. Linkerd's command is in no module that can be had here.`, "make bench-peers"},
	}
}

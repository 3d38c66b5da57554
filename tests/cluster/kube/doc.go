// Package kube runs a real Kubernetes inside one Linux machine, for tests.
//
// The parts run in namespaces of their own: mounts, processes, network. The API
// server and the pods have addresses that exist only there, nothing of the host
// is written to but a temporary folder and a cgroup, and when the tests end, or
// are killed, the kernel ends all processes and takes the mounts away.
//
// No registry is needed: [Cluster.Image] makes images on the spot from programs
// of this machine. There is no cluster DNS and no kube-proxy: neither names nor
// addresses of Services lead anywhere. Tests use the addresses of pods, and the
// address of the node, [NodeIP], for the API server.
package kube

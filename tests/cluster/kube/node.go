package kube

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
)

// cniFolder is where Debian has the programs that plug pods into networks.
const cniFolder = "/usr/lib/cni"

// node is the name of the one node.
const node = "node"

// pauseImage holds the namespaces of a pod.
const pauseImage = "localhost/pause:1"

func (c *Cluster) socket() string { return c.path("containerd.sock") }

// startContainerd starts it with folders and a socket of its own.
func (c *Cluster) startContainerd(ctx context.Context) error {
	if err := errors.Join(
		folders(c.state, "cni"),
		c.write("cni/pods.conflist", fmt.Sprintf(`{
  "cniVersion": "0.4.0", "name": "pods",
  "plugins": [{
    "type": "bridge", "bridge": %q, "isGateway": true, "ipMasq": false, "hairpinMode": true,
    "ipam": {"type": "host-local", "ranges": [[{"subnet": %q, "gateway": %q}]], "routes": [{"dst": "0.0.0.0/0"}], "dataDir": %q}
  }]
}
`, bridge, podRange, NodeIP, c.path("addresses"))),
		c.write("containerd.toml", fmt.Sprintf(`version = 2
root = %q
state = %q
[grpc]
address = %q
[plugins."io.containerd.internal.v1.opt"]
path = %q
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = %q
restrict_oom_score_adj = true # runc may not lower it without CAP_SYS_RESOURCE
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = %q
conf_dir = %q
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
`, c.path("containerd"), "/run/containerd", c.socket(), c.path("opt"), pauseImage, cniFolder, c.path("cni"))),
	); err != nil {
		return err
	}
	containerd, err := launch(c.state, "containerd", "--config", c.path("containerd.toml"))
	if err != nil {
		return err
	}
	if err := containerd.ready(ctx, func() error { return c.ctr("version") }); err != nil {
		return err
	}
	return c.load(pauseSource())
}

// ctr runs containerd's client on the images and containers of Kubernetes.
func (c *Cluster) ctr(args ...string) error {
	out, err := exec.Command("ctr", append([]string{"--address", c.socket(), "--namespace", "k8s.io"}, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ctr %v: %w\n%s", args, err, out)
	}
	return nil
}

func (c *Cluster) startKubelet(ctx context.Context) error {
	if err := c.write("kubelet.yaml", fmt.Sprintf(`apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
containerRuntimeEndpoint: unix://%s
cgroupDriver: cgroupfs
cgroupRoot: /%s
failSwapOn: false
failCgroupV1: false
evictionHard: {}
imageGCHighThresholdPercent: 100
localStorageCapacityIsolation: false
enforceNodeAllocatable: []
podLogsDir: %s
volumePluginDir: %s
resolvConf: ""
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
syncFrequency: 10s
nodeStatusUpdateFrequency: 5s
`, c.socket(), filepath.Base(c.state), c.path("logs"), c.path("volume-plugins"))); err != nil {
		return err
	}
	kubelet, err := launch(c.state, Program("kubelet"), "--config="+c.path("kubelet.yaml"), "--kubeconfig="+c.path(kubeconfig),
		"--root-dir="+c.path("kubelet"), "--cert-dir="+c.path("kubelet-certs"), "--hostname-override="+node, "--node-ip="+NodeIP)
	if err != nil {
		return err
	}
	return kubelet.ready(ctx, func() error { return c.nodeReady(ctx) })
}

// nodeReady tells whether pods can be put on the node.
func (c *Cluster) nodeReady(ctx context.Context) error {
	var n corev1.Node
	if err := c.get(ctx, "/api/v1/nodes/"+node, &n); err != nil {
		return err
	}
	for _, condition := range n.Status.Conditions {
		if condition.Type == corev1.NodeReady && condition.Status != corev1.ConditionTrue {
			return fmt.Errorf("the node is not ready: %s", condition.Message)
		}
	}
	if len(n.Spec.Taints) > 0 || len(n.Status.Conditions) == 0 {
		return fmt.Errorf("the node takes no pods yet: %v", n.Spec.Taints)
	}
	return nil
}

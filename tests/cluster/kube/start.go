package kube

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
)

// The addresses of the cluster, in its own network.
const (
	bridge   = "pods0"
	podRange = "10.88.0.0/16"
	services = "10.96.0.0/16"

	// NodeIP is the address of the node.
	NodeIP = "10.88.0.1"
	// APIAddress is the address of the API server, for pods as for tests.
	APIAddress = NodeIP + ":6443"
)

// start brings up the parts, each when those it needs are ready.
func start(ctx context.Context, parts Parts, state string) (*Cluster, error) {
	if err := network(); err != nil {
		return nil, err
	}
	c, err := newCluster(state)
	if err != nil {
		return nil, err
	}
	if err := c.startEtcd(ctx); err != nil {
		return nil, err
	}
	if err := c.startAPI(ctx); err != nil || parts == API {
		return c, err
	}
	if err := c.startContainerd(ctx); err != nil {
		return nil, err
	}
	if err := c.startControllers(ctx); err != nil {
		return nil, err
	}
	return c, c.startKubelet(ctx)
}

// network brings up the loopback, and the bridge that pods are plugged into.
func network() error {
	for _, args := range [][]string{
		{"link", "set", "lo", "up"},
		{"link", "add", bridge, "address", "0a:58:0a:58:00:01", "type", "bridge"}, // of its own, else it takes one of the pods, and changes
		{"addr", "add", NodeIP + "/16", "dev", bridge},
		{"link", "set", bridge, "up"},
		{"route", "add", services, "dev", bridge}, // leads nowhere, but a dial fails at once
	} {
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("making the network of the cluster: ip %v: %w\n%s", args, err, out)
		}
	}
	return nil
}

func (c *Cluster) startEtcd(ctx context.Context) error {
	const client, peer = "127.0.0.1:2379", "http://127.0.0.1:2380"
	etcd, err := launch(c.state, "etcd", "--data-dir="+filepath.Join(c.state, "etcd"), "--unsafe-no-fsync",
		"--listen-client-urls=http://"+client, "--advertise-client-urls=http://"+client,
		"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer, "--initial-cluster=default="+peer,
		"--log-level=warn", "--logger=zap")
	if err != nil {
		return err
	}
	return etcd.ready(ctx, func() error {
		conn, err := net.Dial("tcp", client)
		if err == nil {
			err = conn.Close()
		}
		return err
	})
}

func (c *Cluster) startAPI(ctx context.Context) error {
	if err := c.writeCredentials(); err != nil {
		return err
	}
	args := []string{
		"--etcd-servers=http://127.0.0.1:2379", "--secure-port=6443", "--advertise-address=" + NodeIP,
		"--cert-dir=" + c.state, "--token-auth-file=" + c.path("tokens.csv"),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + c.path("accounts.key"), "--service-account-signing-key-file=" + c.path("accounts.key"),
		"--service-cluster-ip-range=" + services, "--authorization-mode=RBAC", "--allow-privileged=true",
		"--kubelet-preferred-address-types=InternalIP", "--endpoint-reconciler-type=none",
		"--feature-gates=SizeBasedListCostEstimate=false,ClusterTrustBundle=true,ClusterTrustBundleProjection=true", // etcd 3.4 cannot tell sizes
		"--runtime-config=certificates.k8s.io/v1beta1/clustertrustbundles=true",
	}
	api, err := launch(c.state, Program("kube-apiserver"), args...)
	if err != nil {
		return err
	}
	if err := api.ready(ctx, c.connect); err != nil {
		return err
	}
	return api.ready(ctx, func() error { return c.get(ctx, "/readyz", nil) })
}

func (c *Cluster) startControllers(ctx context.Context) error {
	manager, err := launch(c.state, Program("kube-controller-manager"),
		"--kubeconfig="+c.path(kubeconfig), "--leader-elect=false", "--kube-api-qps=200", "--kube-api-burst=400",
		"--service-account-private-key-file="+c.path("accounts.key"), "--root-ca-file="+c.path("apiserver.crt"), "--cert-dir="+c.state)
	if err != nil {
		return err
	}
	if _, err = launch(c.state, Program("kube-scheduler"), "--kubeconfig="+c.path(kubeconfig), "--leader-elect=false", "--cert-dir="+c.state); err != nil {
		return err
	}
	return manager.ready(ctx, func() error { return c.get(ctx, "/api/v1/namespaces/default/serviceaccounts/default", nil) })
}

// folders makes folders of the state.
func folders(state string, names ...string) error {
	for _, name := range names {
		if err := os.MkdirAll(filepath.Join(state, name), 0o755); err != nil {
			return err
		}
	}
	return nil
}

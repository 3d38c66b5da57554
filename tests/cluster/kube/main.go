package kube

import (
	"context"
	"fmt"
	"os"
	"testing"
)

// Parts says how much of Kubernetes is to run.
type Parts int

// What can run.
const (
	API  Parts = iota // etcd and kube-apiserver: enough to have objects judged
	Full              // and all that it takes to run pods
)

// The environment of the test program tells its stages what to do.
const (
	stageKey    = "KRM_SIDECARS_CLUSTER_STAGE"
	stateKey    = "KRM_SIDECARS_CLUSTER_STATE"
	requiredKey = "KRM_SIDECARS_CLUSTER"

	stageReap = "reap"
	stageTest = "test"
)

// Main runs the tests of a package with a cluster, for TestMain. Where a cluster
// cannot run it says why and runs no test; with KRM_SIDECARS_CLUSTER=required that
// is a failure.
func Main(m *testing.M, parts Parts, cluster *Cluster) int {
	if lacking := missing(parts); len(lacking) > 0 {
		return refuse(lacking)
	}
	run := outside
	switch os.Getenv(stageKey) {
	case stageReap:
		run = reap
	case stageTest:
		run = func() (int, error) { return inside(m, parts, cluster) }
	}
	code, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "kube:", err)
		return 1
	}
	return code
}

// inside starts the cluster and runs the tests, where nothing can be harmed.
func inside(m *testing.M, parts Parts, cluster *Cluster) (int, error) {
	state := os.Getenv(stateKey)
	if err := furnish(state); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	started, err := start(ctx, parts, state)
	if err != nil {
		return 0, fmt.Errorf("starting the cluster: %w", err)
	}
	*cluster = *started
	return m.Run(), nil
}

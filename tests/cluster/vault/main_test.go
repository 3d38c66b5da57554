package vault_test

import (
	"os"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/figures"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

var cluster kube.Cluster

// found goes into docs/proof.md.
var found = figures.Figures{Name: "vault"}

func TestMain(m *testing.M) { os.Exit(kube.Main(m, kube.Full, &cluster)) }

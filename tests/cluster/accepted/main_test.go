package accepted

import (
	"os"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

var cluster kube.Cluster

func TestMain(m *testing.M) { os.Exit(kube.Main(m, kube.API, &cluster)) }

package guide_test

import (
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// TestMigrateByApp: a command of the app's own image, with the app's variables,
// migrates a PostgreSQL before the app starts.
func TestMigrateByApp(t *testing.T) {
	own := kube.Busybox(appImage)
	own.User = "1000"
	own.Files["/bin/psql"] = postgres + "/psql"
	n := restricted(t)
	cluster.Image(t, own)
	startPostgres(t)
	n.Kubectl("create", "secret", "generic", "db", "--from-literal=password=p@ss")
	withDatabase := strings.Replace(app(`psql -Atc "SELECT price FROM orders"; `+idle), "        securityContext:\n          allow", `        env:
        - {name: PGHOST, value: `+kube.NodeIP+`}
        - {name: PGPORT, value: "7023"}
        - {name: PGUSER, value: postgres}
        - {name: PGPASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}
        securityContext:
          allow`, 1)
	n.Apply(sidecars.Inject(t, config("AddInitContainer", `
migrate:
  useAppImage: true
  command: [sh, -c, 'until psql -c "CREATE TABLE orders AS SELECT $PRICE AS price"; do sleep 1; done']
  env: [{name: PRICE, value: "5"}]
`), withDatabase))
	pod := n.Ready("app=web")
	n.WaitForLog(n.Follow(pod, "app"), "5\n")
	found.Found(t, "migrate: a command of the app's own image, a PostgreSQL", "the table is there when the app starts; the command has the app's variables")
}

package guide_test

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// migrations are two steps of a schema, and the Secret with the way to the
// database.
const migrations = `apiVersion: v1
kind: ConfigMap
metadata: {name: migrations}
data:
  1_shop.up.sql: CREATE TABLE orders (id int);
  2_price.up.sql: ALTER TABLE orders ADD COLUMN price int; INSERT INTO orders VALUES (1, 5);
---
apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {url: 'postgres://postgres:p%40ss@` + kube.NodeIP + `:7023/postgres?sslmode=disable'}
---
`

// migrateImage is as the official one: the tool, and a shell.
func migrateImage() kube.Image {
	return withShell("golang-migrate", map[string]string{"/bin/migrate": kube.Program("migrate")})
}

// TestMigrate: golang-migrate brings a PostgreSQL up to date before the app starts,
// in one of the pods; the others find nothing left to do.
func TestMigrate(t *testing.T) {
	n := restricted(t, migrateImage())
	startPostgres(t)
	three := strings.Replace(app(idle), "spec:\n", "spec:\n  replicas: 3\n", 1)
	n.Apply(migrations + sidecars.Inject(t, config("AddInitContainer", `
migrate:
  tool: golang-migrate
  source: {configMap: migrations}
  databaseURL: {name: db, key: url}
`), three))
	n.Kubectl("wait", "--for=condition=Available", "deployment/web", "--timeout="+kube.WaitLimit.String())
	pods, err := n.Pods("app=web")
	if err != nil || len(pods) != 3 {
		t.Fatalf("%d pods: %v", len(pods), err)
	}
	told := ""
	for _, pod := range pods {
		told += n.Logs(&pod, "migrate")
	}
	if strings.Count(told, "no change\n") != 2 || strings.Count(told, "2/u price") != 1 {
		t.Errorf("the logs of three pods say:\n%s", told)
	}
	if got := query(t, "SELECT count(*), sum(price) FROM orders"); got != "1|5\n" {
		t.Errorf("the database holds %q", got)
	}
	found.Found(t, "migrate: golang-migrate, a PostgreSQL, three pods at a time", "one migrates, two find nothing left to do; all apps start after that")
}

// TestMigrateFails: a step that fails keeps the app from starting.
func TestMigrateFails(t *testing.T) {
	n := restricted(t, migrateImage())
	startPostgres(t)
	n.Apply(strings.Replace(migrations, "CREATE TABLE", "CREATE TABEL", 1) + sidecars.Inject(t, config("AddInitContainer", `
migrate:
  tool: golang-migrate
  source: {configMap: migrations}
  databaseURL: {name: db, key: url}
`), app(idle)))
	if message := failure(n, "migrate"); !strings.Contains(message, "syntax error") || strings.Contains(message, "p%40ss") {
		t.Errorf("the pod's status says: %s", message)
	}
	found.Found(t, "migrate: a step with a mistake", "the app does not start; the pod's status says why, without the password")
}

// query asks the database.
func query(t *testing.T, sql string) string {
	t.Helper()
	address := fmt.Sprintf("host=%s port=7023 user=postgres password=p@ss dbname=postgres", kube.NodeIP)
	out, err := exec.CommandContext(context.Background(), postgres+"/psql", address, "-At", "-c", sql).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", sql, err, out)
	}
	return string(out)
}

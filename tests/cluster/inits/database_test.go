package inits_test

import (
	"path/filepath"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// shop is a pod with a PostgreSQL of its own, and what migrates it.
const shop = `apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata:
      labels: {app: shop}
    spec:
      securityContext:
        runAsUser: 1000
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      initContainers:
      - name: db
        image: registry.example.com/postgres:15
        restartPolicy: Always
        command: [sh, -c, 'initdb -D /data/db -U shop --auth=trust --locale=C && exec postgres -D /data/db -k /data']
        volumeMounts: [{name: data, mountPath: /data}]
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      containers:
      - name: app
        image: busybox:1.37.0
        command: [sh, -c, 'exec httpd -f -p 8080']
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      volumes:
      - name: data
        emptyDir: {}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop-migrations}
data:
  1_orders.up.sql: CREATE TABLE orders (id bigint PRIMARY KEY);
  2_items.up.sql: CREATE TABLE items (id bigint PRIMARY KEY);
---
apiVersion: v1
kind: Secret
metadata: {name: shop-db}
stringData: {url: "postgres://shop@127.0.0.1:5432/postgres?sslmode=disable"}
`

const migrations = `apiVersion: krm-sidecars.dev/v1alpha1
kind: AddInitContainer
metadata: {name: backends}
spec:
  placement: {after: [db]}
  waitFor: [{postgres: 127.0.0.1}]
---
apiVersion: krm-sidecars.dev/v1alpha1
kind: AddInitContainer
metadata: {name: schema}
spec:
  migrate:
    tool: golang-migrate
    source: {configMap: shop-migrations}
    databaseURL: {name: shop-db, key: url}
`

// postgresql is where Debian has the programs.
const postgresql = "/usr/lib/postgresql/15"

// TestMigrate: a pod waits for PostgreSQL, then brings it up to date.
func TestMigrate(t *testing.T) {
	n := restricted(t)
	server := kube.Busybox("registry.example.com/postgres:15")
	server.Files[postgresql], server.Files["/usr/share/postgresql/15"] = postgresql, "/usr/share/postgresql/15"
	server.Texts["/etc/passwd"] = "root:x:0:0:root:/root:/bin/sh\npostgres:x:1000:1000::/data:/bin/sh\n"
	server.Env = []string{"PATH=/bin:" + postgresql + "/bin"}
	client := kube.Busybox(images.Get("postgres").String())
	client.Files["/bin/pg_isready"] = filepath.Join(postgresql, "bin/pg_isready")
	tool := kube.Busybox(images.Get("golang-migrate").String())
	tool.Files["/bin/migrate"] = kube.Program("migrate")
	apps.Load(t, &cluster, server, client, tool)

	n.Apply(sidecars.Inject(t, migrations, shop))
	pod := n.Ready("app=shop")
	box.Contains(t, "log of wait-for", n.Logs(pod, "wait-for"), "wait-for: postgres 127.0.0.1:5432 is there after")
	box.Contains(t, "log of migrate", n.Logs(pod, "migrate"), "1/u orders", "2/u items", "migrate: done")
	tables := n.Exec(pod.Name, "db", "psql", "-h", "127.0.0.1", "-U", "shop", "-Atc", "SELECT version, dirty FROM schema_migrations", "postgres")
	box.Equal(t, "version of the schema", "2|f\n", tables.Stdout)
}

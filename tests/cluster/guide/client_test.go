package guide_test

import (
	"maps"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// Where Debian has programs.
const (
	curl           = "/usr/bin/curl"
	rclone         = "/usr/bin/rclone"
	redisCLI       = "/usr/bin/redis-cli"
	redis          = "/usr/bin/redis-server"
	postgres       = "/usr/lib/postgresql/15/bin"
	mariadbAdmin   = "/usr/bin/mariadb-admin"
	mariadbd       = "/usr/sbin/mariadbd"
	dockerRegistry = "/usr/bin/docker-registry"
)

// withShell is an image of our table with busybox and more programs.
func withShell(name string, files map[string]string) kube.Image {
	image := kube.Busybox(images.Get(name).String())
	maps.Copy(image.Files, files)
	return image
}

// TestWaitWithClients: servers that listen before they can serve are asked by
// their own clients.
func TestWaitWithClients(t *testing.T) {
	for _, c := range []struct {
		name, wait string
		image      kube.Image
		start      func(*testing.T)
	}{
		{"gRPC, by its health service", "grpc: " + kube.NodeIP + ":7021", curlImage(), startEtcd},
		{"PostgreSQL, by pg_isready", "postgres: " + kube.NodeIP + ":7023", withShell("postgres", map[string]string{"/bin/pg_isready": postgres + "/pg_isready"}), startPostgres},
		{"MariaDB, by mariadb-admin", "mariadb: " + kube.NodeIP + ":7025", withShell("mariadb", map[string]string{"/bin/mariadb-admin": mariadbAdmin}), startMariaDB},
		{"Redis, by redis-cli", "redis: " + kube.NodeIP + ":7024", withShell("redis", map[string]string{"/bin/redis-cli": redisCLI}), startRedis},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := restricted(t, c.image)
			n.Apply(sidecars.Inject(t, config("AddInitContainer", "waitFor: [{"+c.wait+"}]\nintervalSeconds: 1"), app(idle)))
			log := n.Follow(waiting(n), "wait-for")
			n.WaitForLog(log, "wait-for: waiting for ")
			c.start(t)
			n.WaitForLog(log, " is there after ")
			n.Ready("app=web")
			found.Found(t, "wait-for: "+c.name, "the app starts when a server does that was started later")
		})
	}
}

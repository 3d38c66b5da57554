// Package apps makes images of real programs: apps under the names that their
// manifests have, and sidecars under those that our functions write.
package apps

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

// Load hands images to a cluster. The test is skipped where their programs are
// not installed, or fails where it has to run.
func Load(t *testing.T, cluster *kube.Cluster, all ...kube.Image) {
	t.Helper()
	for _, image := range all {
		Need(t, slices.Collect(maps.Values(image.Files))...)
		cluster.Image(t, image)
	}
}

// Need skips a test whose programs are not installed, or fails where it has to run.
func Need(t *testing.T, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := os.Stat(program); err != nil {
			lacking(t, program)
		}
	}
}

func lacking(t *testing.T, program string) {
	t.Helper()
	tell := t.Skipf
	if os.Getenv("KRM_SIDECARS_CLUSTER") == "required" {
		tell = t.Fatalf
	}
	packages := map[string]string{nginx: "nginx-light", redis: "redis-server",
		"/usr/bin/redis-cli": "redis-tools", "/usr/bin/curl": "curl", "/usr/bin/rclone": "rclone", "/usr/bin/mariadb-admin": "mariadb-client", "/usr/sbin/mariadbd": "mariadb-server-core",
		"/usr/bin/docker-registry": "docker-registry", "/usr/lib/postgresql/15/bin/pg_isready": "postgresql-15"}
	how := "tests/tools/build.sh cluster"
	if name := packages[program]; name != "" {
		how = "apt-get install " + name
	}
	tell("%s is missing: %s", program, how)
}

// Where Debian has the programs.
const (
	nginx = "/usr/sbin/nginx"
	redis = "/usr/bin/redis-server"
)

// nginxConf is how the image for users without privileges is set up.
const nginxConf = `worker_processes 1;
pid /tmp/nginx.pid;
events {}
http {
  access_log /var/log/nginx/access.log;
  client_body_temp_path /tmp/body;
  fastcgi_temp_path /tmp/fastcgi;
  proxy_temp_path /tmp/proxy;
  scgi_temp_path /tmp/scgi;
  uwsgi_temp_path /tmp/uwsgi;
  include /etc/nginx/conf.d/*.conf;
}
`

// Nginx serves "hello" at port 8080. As in the official image, the access log is
// linked to standard output, and there is a shell.
func Nginx() kube.Image {
	image := kube.Busybox("nginxinc/nginx-unprivileged:1.29")
	image.User, image.Entrypoint, image.Cmd = "101", []string{"nginx", "-e", "stderr", "-g", "daemon off;"}, nil
	image.Files[nginx] = nginx
	image.Links["/var/log/nginx/access.log"] = "/dev/stdout"
	image.Texts["/etc/passwd"] = "nginx:x:101:101::/:/bin/false\n"
	image.Texts["/etc/nginx/nginx.conf"] = nginxConf
	image.Texts["/etc/nginx/conf.d/default.conf"] = "server {\n  listen 8080;\n  location / { return 200 \"hello\\n\"; }\n}\n"
	return image
}

// Redis serves at port 6379, and keeps nothing.
func Redis() kube.Image {
	return kube.Image{
		Name: "redis:7.2", User: "999",
		Files:      map[string]string{redis: redis},
		Entrypoint: []string{"redis-server", "--save", ""},
	}
}

// Built is an image of our table with a program that tests/tools/build.sh built
// for it, which may be of another version.
func Built(name, program string) kube.Image {
	file := "/" + program
	return kube.Image{Name: images.Get(name).String(), Files: map[string]string{file: kube.Program(program)}, Entrypoint: []string{file}}
}

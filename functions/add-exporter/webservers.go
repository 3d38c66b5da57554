package exporter

import corev1 "k8s.io/api/core/v1"

// stubStatus is a server of its own in nginx, for the pod alone.
const stubStatus = `server {
    listen {ip}:{status};
    access_log off;
    location = /stub_status {
        stub_status;
        allow {me};
        deny all;
    }
    location / {
        return 404;
    }
}
`

const serverStatus = `<Location "/server-status">
    SetHandler server-status
    Require local
</Location>
`

// logFormat is that of the official nginx image.
const nginxlogConfig = `listen {
  port = {port}
}
namespace "nginx" {
  source = {
    files = ["{log}"]
  }
  format = "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\" \"$http_x_forwarded_for\""
}
`

const toolkitPort = "--web.listen-address=:{port}"

// webServers are presets for servers and proxies of HTTP.
func webServers() []preset {
	nginx := []string{"nginx", "nginx-unprivileged", "openresty"}
	return []preset{
		{names: []string{"nginx"}, image: "nginx-exporter", port: 9113, apps: nginx,
			address: "{ip}:{status}", uri: "http://{address}/stub_status",
			args: []string{toolkitPort, "--nginx.scrape-uri={uri}"},
			expose: exposure{dir: "/etc/nginx/conf.d", name: "sidecar-stub-status.conf", text: stubStatus, main: "/etc/nginx/nginx.conf", port: 8081,
				advice: "add a location with stub_status to nginx's configuration, and name it in spec.uri"},
			needs: "stub_status; it is added"},
		{names: []string{"nginxlog"}, image: "nginxlog-exporter", port: 4040, apps: nginx, health: "/metrics", log: true,
			args:  []string{"-config-file", "{config}"},
			file:  file{path: "/etc/nginxlog-exporter/config.hcl", text: nginxlogConfig},
			needs: "an access log in a file, of the format that the official image has"},
		{names: []string{"apache"}, image: "apache-exporter", port: 9117, apps: []string{"httpd"},
			address: "{ip}:80", uri: "http://{address}/server-status?auto",
			args: []string{toolkitPort, "--scrape_uri={uri}"},
			expose: exposure{dir: "/etc/sidecar", name: "status.conf", text: serverStatus,
				command: []string{"httpd-foreground", "-c", "ExtendedStatus On", "-c", "Include /etc/sidecar/status.conf"},
				advice:  "let Apache serve mod_status at /server-status, and name it in spec.uri"},
			needs: "mod_status; it is added to the official image httpd that has no command of its own"},
		{names: []string{"php-fpm"}, image: "php-fpm-exporter", port: 9253, args: []string{"server"}, apps: []string{"php", "wordpress", "drupal", "nextcloud"},
			address: "{ip}:9000", uri: "tcp://{address}/status",
			env: []string{"PHP_FPM_SCRAPE_URI={uri}", "PHP_FPM_WEB_LISTEN_ADDRESS=:{port}", "PHP_FPM_FIX_PROCESS_COUNT=true"},
			expose: exposure{dir: "/usr/local/etc/php-fpm.d", name: "zz-sidecar-status.conf", text: "[www]\npm.status_path = /status\n", main: "/usr/local/etc/php-fpm.conf",
				advice: "set pm.status_path in the pool's configuration, and name it in spec.uri"},
			needs: "pm.status_path; it is added to the pool www"},
		{names: []string{"haproxy-exporter"}, image: "haproxy-exporter", port: 9101, apps: []string{"haproxy"},
			address: "{ip}:8404", uri: "http://{address}/stats;csv",
			args:  []string{toolkitPort, "--haproxy.scrape-uri={uri}"},
			needs: "a stats page; for HAProxy before 2.4, newer ones have preset haproxy"},
		{names: []string{"uwsgi"}, image: "uwsgi-exporter", port: 9117, health: "/-/healthy",
			address: "{ip}:1717", uri: "tcp://{address}",
			args:  []string{toolkitPort, "--stats.uri={uri}"},
			needs: "stats = 127.0.0.1:1717 in uWSGI's configuration"},
	}
}

func tcp(name string, port int32) corev1.ContainerPort {
	return corev1.ContainerPort{Name: name, ContainerPort: port, Protocol: corev1.ProtocolTCP}
}

func udp(name string, port int32) corev1.ContainerPort {
	return corev1.ContainerPort{Name: name, ContainerPort: port, Protocol: corev1.ProtocolUDP}
}

package initcontainer

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// client is a program that asks whether something is there, in a container of its
// own.
type client struct {
	name    string // part of the container's name
	image   string // row of the table of images
	size    size
	env     []corev1.EnvVar
	scratch string // size of /tmp, where the client writes
}

// network is the client that needs nothing but sockets.
const network = "network"

// clients is the table.
func clients() []client {
	return []client{
		{name: network, image: "busybox", size: small},
		{name: "postgres", image: "postgres", size: small},
		{name: "mysql", image: "mysql", size: medium},
		{name: "mariadb", image: "mariadb", size: medium},
		{name: "redis", image: "redis", size: small},
		{name: "valkey", image: "valkey", size: small},
		{name: "mongodb", image: "mongodb", size: size{"100m", "128Mi", "1", "384Mi"}, scratch: "64Mi",
			env: []corev1.EnvVar{{Name: "HOME", Value: "/tmp"}}},
		{name: "kafka", image: "kafka", size: size{"100m", "192Mi", "1", "384Mi"}, scratch: "64Mi",
			env: []corev1.EnvVar{{Name: "LOG_DIR", Value: "/tmp"}, {Name: "KAFKA_HEAP_OPTS", Value: "-Xmx96m"}}},
	}
}

// withCurl is the size of the network's client where that is curl.
func withCurl() size { return size{"5m", "16Mi", "100m", "64Mi"} }

// kind is a kind of wait.
type kind struct {
	name   string
	client string
	port   string // where the servers usually are
	target func(Wait) string
	until  string // what it waits for, for the manual
	try    string // shell script that fails as long as $target is not there, whose parts are $host and $port
}

// kinds is the table. Clients are told a user where they would look up that of the
// process, which OpenShift makes up.
func kinds() []kind {
	return []kind{
		{"tcp", network, "", func(w Wait) string { return w.TCP }, "host:port accepts connections", tryTCP},
		{"http", network, "", func(w Wait) string { return w.HTTP }, "the URL answers with 2xx, or `status`, and contains `expect`", tryHTTP},
		{"dns", network, "", func(w Wait) string { return w.DNS }, "the name resolves, as it does for apps", tryDNS},
		{"grpc", network, "", func(w Wait) string { return w.GRPC }, "the health service says SERVING", tryGRPC},
		{"rabbitmq", network, "5672", func(w Wait) string { return w.RabbitMQ }, "the server greets in AMQP", tryRabbitMQ},
		{"postgres", "postgres", "5432", func(w Wait) string { return w.Postgres }, "`pg_isready` says so",
			`  pg_isready -h "$host" -p "$port" -U postgres -d postgres -t 5`},
		{"mysql", "mysql", "3306", func(w Wait) string { return w.MySQL }, "`mysqladmin ping` succeeds",
			`  timeout 10 mysqladmin ping -h "$host" -P "$port" --protocol=tcp --connect-timeout=5`},
		{"mariadb", "mariadb", "3306", func(w Wait) string { return w.MariaDB }, "`mariadb-admin ping` succeeds",
			`  timeout 10 mariadb-admin ping -h "$host" -P "$port" --protocol=tcp --connect-timeout=5 --skip-ssl`},
		{"redis", "redis", "6379", func(w Wait) string { return w.Redis }, "the server answers PING, and has loaded its data",
			`  timeout 5 redis-cli -h "$host" -p "$port" ping 2>&1 | grep -E '^PONG|NOAUTH|NOPERM'`},
		{"valkey", "valkey", "6379", func(w Wait) string { return w.Valkey }, "the server answers PING, and has loaded its data",
			`  timeout 5 valkey-cli -h "$host" -p "$port" ping 2>&1 | grep -E '^PONG|NOAUTH|NOPERM'`},
		{"mongodb", "mongodb", "27017", func(w Wait) string { return w.MongoDB }, "the server answers `ping`",
			`  timeout 15 mongosh --quiet --norc "mongodb://$target/?directConnection=true&serverSelectionTimeoutMS=5000" --eval 'quit(db.adminCommand("ping").ok === 1 ? 0 : 1)'`},
		{"kafka", "kafka", "9092", func(w Wait) string { return w.Kafka }, "the broker tells its versions",
			`  timeout 20 /opt/kafka/bin/kafka-broker-api-versions.sh --bootstrap-server "$target"`},
	}
}

// kinds are those that a wait is of: of a valid one that is no resource, it is
// one.
func (w Wait) kinds() []kind {
	var set []kind
	for _, k := range kinds() {
		if k.target(w) != "" {
			set = append(set, k)
		}
	}
	return set
}

// address is what a wait of a kind waits for, with its port.
func (k kind) address(w Wait) string {
	target := k.target(w)
	if k.port == "" || !bare(target) {
		return target
	}
	return target + ":" + k.port
}

// bare reports whether an address has no port. That of an IPv6 address stands
// behind brackets.
func bare(address string) bool {
	_, after, bracketed := strings.Cut(address, "]")
	if !bracketed {
		after = address
	}
	return !strings.Contains(after, ":")
}

package exporter

// brokers are presets for what passes messages on.
func brokers() []preset {
	return []preset{
		{names: []string{"kafka"}, image: "kafka-exporter", port: 9308, health: "/healthz", memory: "128Mi",
			apps:    []string{"kafka", "cp-kafka", "kafka-native"},
			address: "{ip}:9092", uri: "{address}",
			args:      []string{toolkitPort, "--kafka.server={uri}"},
			logins:    []login{{roleUser, "SASL_USERNAME", "username"}, {rolePassword, "SASL_USER_PASSWORD", "password"}},
			loginArgs: []string{"--sasl.enabled", "--sasl.username=$(SASL_USERNAME)"},
			needs:     "advertised.listeners that the pod can reach"},
		{names: []string{"nats"}, image: "nats-exporter", port: 7777, health: healthTCP, apps: []string{"nats"},
			address: "{ip}:8222", uri: "http://{address}",
			args: []string{"-port", "{port}", "-varz", "-connz", "-routez", "-subz", "-jsz=all", "-healthz"}, last: "{uri}",
			needs: "the monitoring port: -m 8222, or http_port"},
		{names: []string{"rabbitmq-exporter"}, image: "rabbitmq-exporter", port: 9419, apps: []string{"rabbitmq"},
			address: "{ip}:15672", uri: "http://{address}",
			env:    []string{"RABBIT_URL={uri}", "PUBLISH_PORT={port}"},
			logins: []login{{roleUser, "RABBIT_USER", "username"}, {rolePassword, "RABBIT_PASSWORD", "password"}}, needsLogin: true,
			health: healthTCP, // its /health asks the app
			needs:  "the management plugin; for RabbitMQ 3, newer ones have preset rabbitmq"},
	}
}

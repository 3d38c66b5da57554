package exporter

const processConfig = `process_names:
- name: "{{.Comm}}"
  cmdline:
  - '.+'
`

const jmxConfig = `rules:
- pattern: ".*"
`

// machines are presets for what runs apps: the JVM and the kernel.
func machines() []preset {
	return []preset{
		{names: []string{"jmx"}, agent: true, port: 9404,
			file:  file{path: "/etc/jmx-exporter/config.yaml", text: jmxConfig},
			needs: "a JVM that reads JAVA_TOOL_OPTIONS; it is set"},
		{names: []string{presetStandalone}, port: 9404, health: healthTCP, memory: "256Mi",
			address: "{ip}:5555", uri: "{address}",
			command: []string{"java", "-jar", "{jar}", "{port}", "{config}"},
			file:    file{path: "/etc/jmx-exporter/config.yaml", text: "hostPort: {uri}\n" + jmxConfig},
			needs:   "remote JMX at 127.0.0.1:5555, by three -Dcom.sun.management options"},
		{names: []string{"process"}, image: "process-exporter", port: 9256,
			args:   []string{"-web.listen-address=:{port}", "-procfs=/proc", "-config.path={config}"},
			file:   file{path: "/etc/process-exporter/config.yml", text: processConfig},
			expose: exposure{processes: true, advice: "set shareProcessNamespace: true in the pod"},
			needs:  "shareProcessNamespace; it is set"},
	}
}

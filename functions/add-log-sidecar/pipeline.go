package logsidecar

import (
	"maps"
	"slices"
	"strconv"
)

// pipeline is what an agent is to do, in terms that all agents share.
type pipeline struct {
	instance string
	sources  []source
	fields   []node // in every record: the user's, by name
	service  string
	to       *Destination
	state    string // directory
	buffer   int64  // bytes that buffers may take there
	health   int32  // port
	flush    int64  // seconds
	config   AgentConfig
	image    string
}

// source is a set of files that are read alike.
type source struct {
	id               string
	include, exclude []string
	fromEnd          bool
	parser           Parser
	start            string // pattern of the first line of a record
}

// The variables that tell the agent about its pod.
const (
	envPod       = env("POD_NAME")
	envNamespace = env("POD_NAMESPACE")
	envUID       = env("POD_UID")
	envNode      = env("NODE_NAME")
)

// The variables that hold secrets.
const (
	envUser     = env("DESTINATION_USERNAME")
	envPassword = env("DESTINATION_PASSWORD")
	envToken    = env("DESTINATION_TOKEN")
	envAPIKey   = env("DESTINATION_API_KEY")
)

// The file of the certificate authority in the sidecar.
const (
	caDir  = "/etc/log-sidecar/tls"
	caFile = "ca.crt"
)

// sourcesOf are the logs of a config.
func sourcesOf(logs []Log) []source {
	all := make([]source, len(logs))
	for i, l := range logs {
		all[i] = source{id: indexedID(i), include: l.Paths, exclude: l.Exclude, fromEnd: l.ReadFrom == readFromEnd, parser: l.Parser}
		if l.Multiline != nil {
			all[i].start = l.Multiline.StartPattern
		}
	}
	return all
}

func indexedID(i int) string { return "log" + strconv.Itoa(i) }

// byName is a map of texts in the order of its keys.
func byName(m map[string]string) []node {
	var all []node
	for _, key := range slices.Sorted(maps.Keys(m)) {
		all = append(all, node{key, m[key]})
	}
	return all
}

// The paths of APIs below the URL that a config gives.
const (
	lokiPush     = "/loki/api/v1/push"
	splunkEvents = "/services/collector"
	lokiOTLP     = "/otlp"
	otlpLogs     = "/v1/logs"
)

// labels are those of a Loki stream: few values each, so that streams stay few.
func (p *pipeline) labels() []node {
	all := tree{{"service_name", p.service}, {"namespace", envNamespace}, {"pod", envPod}}
	if p.to.Loki != nil {
		all = all.merge(byName(p.to.Loki.Labels))
	}
	return all
}

// plainTree is a free-form map as a tree.
func plainTree(m map[string]any) tree {
	t, _ := plain(m).(tree)
	return t
}

package logsidecar

import (
	"cmp"
	"fmt"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Config configures add-log-sidecar.
type Config struct {
	config.Common `json:",inline"`

	// Agent reads the files: tail, fluent-bit, fluentd, filebeat, vector,
	// otel-collector or alloy. Default tail.
	// +kubebuilder:validation:Enum=tail;fluent-bit;fluentd;filebeat;vector;otel-collector;alloy
	// +kubebuilder:default=tail
	Agent string `json:"agent,omitempty"`
	// Logs are the files to read. Required.
	// +required
	// +kubebuilder:validation:MinItems=1
	Logs []Log `json:"logs,omitempty"`
	// Destination is where the records go. Default: the sidecar's standard output.
	Destination *Destination `json:"destination,omitempty"`
	// Fields are added to every record, beside pod, namespace, node and service.
	Fields map[string]string `json:"fields,omitempty"`
	// ServiceName is the service in every record. Default: the label
	// app.kubernetes.io/name of the pod template, else the workload's name.
	// +krm-sidecars:text=label-value
	ServiceName string `json:"serviceName,omitempty"`
	// Config changes the agent's own configuration.
	Config AgentConfig `json:"config,omitempty"`
	// Volume is what the app and the agent share where the app has no volume yet.
	Volume Volume `json:"volume,omitempty"`
	// State is where the agent keeps its positions and buffers.
	State State `json:"state,omitempty"`
	// HealthPort is the port of the agent's health endpoint. Default: the agent's
	// usual port, or the next one that is free in the pod.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	HealthPort int32 `json:"healthPort,omitempty"`
	// Readiness makes the pod ready only when the agent is. Default false.
	Readiness bool `json:"readiness,omitempty"`
	// FlushSeconds is how long the agent may take to send what it holds when the
	// app has ended, in seconds. Default: by agent, 5 or 10.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=3600
	FlushSeconds int64 `json:"flushSeconds,omitempty"`
	// FSGroup makes files that the app writes readable to the agent by group; it
	// is set on the pod. Default: the pod stays as it is.
	// +kubebuilder:validation:Minimum=1
	FSGroup *int64 `json:"fsGroup,omitempty"`
}

// Log is a set of files in the file system of one container.
type Log struct {
	// Container writes the files. Default: every container that has the directory
	// mounted, else the first one.
	Container string `json:"container,omitempty"`
	// Paths are absolute file names, as the app's container sees them. Agents other
	// than tail take patterns such as /var/log/app/*.log. Required.
	// +required
	// +kubebuilder:validation:MinItems=1
	// +krm-sidecars:text=absolute
	Paths []string `json:"paths,omitempty"`
	// Exclude are files, or patterns, to leave out; not for tail.
	// +krm-sidecars:text=absolute
	Exclude []string `json:"exclude,omitempty"`
	// Dir is the directory to share. Default: that of each file, or what stands in
	// front of the first pattern.
	// +krm-sidecars:text=absolute
	Dir string `json:"dir,omitempty"`
	// ReadFrom is start or end: where to begin in a file that is there already.
	// Default start.
	// +kubebuilder:validation:Enum=start;end
	// +kubebuilder:default=start
	ReadFrom string `json:"readFrom,omitempty"`
	// Parser takes lines apart: none, json, nginx, apache, cri, logfmt, or an own
	// expression as in {regex: ...}; not for tail. Default none.
	Parser Parser `json:"parser,omitempty"`
	// Multiline joins the lines of one record; not for tail.
	Multiline *Multiline `json:"multiline,omitempty"`
}

// Parser says how a line is taken apart. It is written as a word, or as
// {regex: ...}.
// +krm-sidecars:words=none;json;nginx;apache;cri;logfmt
// +kubebuilder:validation:MaxProperties=1
type Parser struct {
	// Name is none, json, nginx, apache, cri or logfmt.
	// +kubebuilder:validation:Enum=none;json;nginx;apache;cri;logfmt
	Name string `json:"name,omitempty"`
	// Regex is an expression in RE2 syntax whose named groups become fields.
	Regex string `json:"regex,omitempty"`
}

// DecodeWord reads the short form.
func (p *Parser) DecodeWord(word string) error {
	p.Name = word
	return nil
}

// kind is the name of the parser; regex for an expression.
func (p Parser) kind() string {
	if p.Regex != "" {
		return parserRegex
	}
	return cmp.Or(p.Name, parserNone)
}

// Multiline joins the lines of one record.
type Multiline struct {
	// StartPattern is an expression in RE2 syntax that the first line of a record
	// matches. Required.
	// +required
	// +kubebuilder:validation:MinLength=1
	StartPattern string `json:"startPattern,omitempty"`
}

// AgentConfig changes the configuration that is generated, or replaces it.
type AgentConfig struct {
	// Extra is merged into the agent's configuration: maps key by key, lists at
	// their end; for agents that are configured in YAML.
	Extra map[string]any `json:"extra,omitempty"`
	// Append is text that is put at the end of the configuration; for fluentd and
	// alloy.
	Append string `json:"append,omitempty"`
	// Existing is a configuration of your own, in place of the generated one.
	Existing *Existing `json:"existing,omitempty"`
}

// Existing is an agent configuration in a ConfigMap that somebody else makes.
type Existing struct {
	// ConfigMap is its name, in the workload's namespace. Required.
	// +required
	// +krm-sidecars:text=object-name
	ConfigMap string `json:"configMap,omitempty"`
	// Key is where it is in the ConfigMap. Default: the file name that the agent reads, such as
	// fluent-bit.yaml.
	// +krm-sidecars:text=data-key
	Key string `json:"key,omitempty"`
}

// Volume describes the shared volume.
type Volume struct {
	// SizeLimit bounds an emptyDir; a pod that writes more is evicted. Default
	// 256Mi.
	// +krm-sidecars:text=quantity
	SizeLimit string `json:"sizeLimit,omitempty"`
	// Medium is empty, for the node's disk, or Memory.
	// +kubebuilder:validation:Enum="";Memory
	Medium string `json:"medium,omitempty"`
	// ClaimName makes the volume a PersistentVolumeClaim of that name.
	ClaimName string `json:"claimName,omitempty"`
}

// State describes the volume in which the agent keeps its positions and
// buffers. It survives a restart of the container, not of the pod.
type State struct {
	// SizeLimit bounds it; a pod that writes more is evicted, so buffers on disk are
	// kept below it. Default 256Mi.
	// +krm-sidecars:text=quantity
	SizeLimit string `json:"sizeLimit,omitempty"`
}

// The words of the config.
const (
	agentTail     = "tail"
	readFromStart = "start"
	readFromEnd   = "end"

	defaultSizeLimit = "256Mi"
)

// Default fills in what the user left open.
func (c *Config) Default() {
	c.Common.Default()
	c.Agent = cmp.Or(c.Agent, agentTail)
	if c.Volume.ClaimName == "" {
		c.Volume.SizeLimit = cmp.Or(c.Volume.SizeLimit, defaultSizeLimit)
	}
	for i := range c.Logs {
		c.Logs[i].ReadFrom = cmp.Or(c.Logs[i].ReadFrom, readFromStart)
	}
	if c.Destination != nil {
		c.Destination.setDefaults()
	}
}

// to is where the records go.
func (c *Config) to() *Destination {
	if c.Destination != nil {
		return c.Destination
	}
	return &Destination{Stdout: &Stdout{}}
}

func indexed(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }

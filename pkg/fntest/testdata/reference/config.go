// Package reference has a config with a field of every shape that a manual tells of.
package reference

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Config configures nothing.
type Config struct {
	config.Common `json:",inline"`
	Limits        `json:",inline"`

	// Agent is what reads the files: tail or
	// vector. Default tail.
	Agent string `json:"agent,omitempty"`
	// Logs names the files; without <container> those of all.
	Logs []Log `json:"logs,omitempty"`
	// Token of the server, for a|b.
	Token *config.SecretKey `json:"token,omitempty"`
	// CACert belongs to the server.
	CACert *config.SecretKey `json:"caCert,omitempty"`
	// Shards by name.
	Shards map[string]Shard `json:"shards,omitempty"`
	// Place is first, last, or neighbours.
	Place []config.Placement `json:"place,omitempty"`
	// What is added to the variables.
	Env []corev1.EnvVar `json:"env,omitempty"`
	// Port is a number or auto. Default: that of the agent.
	Port intstr.IntOrString `json:"port,omitempty"`
	// Extra is added to the agent's own config.
	Extra map[string]any `json:"extra,omitempty"`

	hidden, Ignored string `json:"-"`
}

// Limits are inlined.
type Limits struct {
	// Batches are sizes, in bytes. Default: as the server has them.
	Batches [][]int64 `json:"batches,omitempty"`
	Ratio   float64   `json:"ratio,omitempty"` // Ratio is above 0. Default 0.5.
}

// Log is a set of files.
type Log struct {
	// Paths hold patterns.
	Paths []string `json:"paths,omitempty"`
	// Follow makes the agent wait for more. Default true.
	Follow *bool `json:"follow,omitempty"`
}

// Shard may hold others.
type Shard struct {
	// Shards below this one.
	Shards map[string]Shard `json:"shards,omitempty"`
}

// Silent has a field without a comment.
type Silent struct {
	Field string `json:"field,omitempty"`
}

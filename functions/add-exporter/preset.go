package exporter

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
)

// preset is what is known about an exporter, or about an app that serves its
// metrics itself. In its texts {port} stands for the port of the metrics,
// {status} for the one where the app is made to serve its status, {ip} and {me}
// for the pod's own address (in a URL, and alone), {address} for that of the app,
// {uri} for all that the exporter is told about it, {config}, {log} and {jar} for
// files.
type preset struct {
	names   []string // what users call it
	name    string   // the one that was asked for
	image   string   // row in pkg/images; "" for native ones, and where the user brings it
	own     own      // what the user brings
	native  bool     // the app serves the metrics itself
	agent   bool     // it runs in the app's process
	apps    []string // images that it is for, without registry and path
	port    int32
	path    string // of the metrics; "" for /metrics
	health  string // path that answers whatever the app does; "" for /
	address string // of the app
	uri     string
	command []string
	args    []string
	last    string   // argument that stands behind those of the user
	env     []string // NAME=value

	logins     []login
	needsLogin bool
	loginArgs  []string // with credentials only

	file   file
	ports  []corev1.ContainerPort // more of them
	params map[string]string      // of the request for metrics
	log    bool                   // it reads the app's log
	memory string                 // limit; "" for 64Mi
	expose exposure
	needs  string // what the app must do
}

// own is an image of the user's, and what only the user knows about it.
type own struct {
	image string
	uid   int64
	env   []corev1.EnvVar
}

// file is an exporter's configuration file.
type file struct {
	path     string
	arg      string // where there is such a file
	text     string // without one from the user
	required bool   // from the user
}

// exposure is how an app is made to serve its status.
type exposure struct {
	dir, name, text string            // a file that the app reads
	main            string            // the app's main configuration; who brings it may not read the directory
	port            int32             // where the status is to be served, for {status}
	command         []string          // that reads the file; only for the preset's apps, without a command of their own
	env             map[string]string // of the app
	processes       bool              // the pod shares its processes
	advice          string            // what to do by hand
}

// any reports whether there is something to do.
func (e exposure) any() bool { return e.dir != "" || len(e.env) > 0 || e.processes }

// presets lists all of them, in the order of the manual.
var presets = sync.OnceValue(func() []preset {
	return slices.Concat(webServers(), databases(), brokers(), machines(), collectors(), natives())
})

// find returns the preset of a name.
func find(name string) (preset, bool) {
	for _, p := range presets() {
		if slices.Contains(p.names, name) {
			p.name = name
			return p, true
		}
	}
	return preset{}, false
}

// words lists the names of all presets.
func words() []string {
	words := []string{presetCustom, presetNative}
	for _, p := range presets() {
		words = append(words, p.names...)
	}
	return words
}

// refused are apps that people look for a preset for, by why there is none.
func refused() map[string]string {
	const custom = "there is no maintained image of an exporter; name yours with preset: custom"
	return map[string]string{
		"varnish": custom, "squid": custom, "bind": custom, "unbound": custom, "couchdb": custom, "cassandra": custom + ", or use preset: jmx",
		"solr": custom, "oracle": custom, "mssql": "use preset: sql, or preset: custom", "proxysql": custom, "openldap": custom,
	}
}

// findPreset returns the preset that the config names.
func (c *Config) findPreset() (preset, bool) {
	switch c.Preset {
	case presetCustom:
		if c.Custom == nil {
			return preset{name: presetCustom}, true
		}
		return c.Custom.preset(), true
	case presetNative:
		return preset{name: presetNative, native: true, needs: "serves its metrics itself"}, true
	}
	p, known := find(c.Preset)
	if p.needsJar() && c.JMX != nil {
		p.own = own{image: c.JMX.Image, uid: nobody}
	}
	return p, known
}

// metricsPath is where the metrics are.
func (p preset) metricsPath() string { return cmp.Or(p.path, "/metrics") }

// base is the name of what is added for the preset.
func (p preset) base() string {
	switch {
	case p.name == presetNative:
		return "metrics"
	case p.native:
		return p.name + "-metrics"
	case strings.HasSuffix(p.name, "-exporter"):
		return p.name
	default:
		return p.name + "-exporter"
	}
}

// suits reports whether an image is of one of the preset's apps.
func (p preset) suits(image string) bool {
	name := image[strings.LastIndexByte(image, '/')+1:]
	if i := strings.IndexAny(name, ":@"); i >= 0 {
		name = name[:i]
	}
	return slices.Contains(p.apps, name)
}

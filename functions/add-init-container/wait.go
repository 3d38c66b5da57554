package initcontainer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
)

// Wait is one thing to wait for: one of tcp, http, dns, grpc, resource and the
// databases. The other fields say more about it.
// +krm-sidecars:oneOf=tcp;http;dns;grpc;resource;postgres;mysql;mariadb;redis;valkey;mongodb;kafka;rabbitmq
type Wait struct {
	// TCP is an address that has to accept connections, as host:port.
	// +krm-sidecars:text=address
	TCP string `json:"tcp,omitempty"`
	// HTTP is a URL that has to answer with a status of 2xx, by http or https.
	// +krm-sidecars:text=url
	HTTP string `json:"http,omitempty"`
	// Status is the one that http has to answer with. Default: any of 2xx, where
	// redirections lead.
	// +kubebuilder:validation:Minimum=100
	// +kubebuilder:validation:Maximum=599
	Status int32 `json:"status,omitempty"`
	// Expect is a text that the answer of http has to contain.
	// +krm-sidecars:text=single-line
	Expect string `json:"expect,omitempty"`
	// DNS is a host name that has to resolve.
	// +krm-sidecars:text=host-name
	DNS string `json:"dns,omitempty"`
	// GRPC is a server, as host:port, whose health service has to say SERVING.
	// +krm-sidecars:text=address
	GRPC string `json:"grpc,omitempty"`
	// Service is what the health service of grpc is asked about. Default: the server
	// as a whole.
	// +krm-sidecars:text=single-line
	// +kubebuilder:validation:MaxLength=120
	Service string `json:"service,omitempty"`
	// TLS is how grpc connects. Default false.
	TLS bool `json:"tls,omitempty"`
	// CA checks the certificate of an https URL, or of grpc with tls. Default: the
	// authorities that the image of curl knows.
	CA *CA `json:"ca,omitempty"`
	// Resource is an object of Kubernetes.
	Resource *Resource `json:"resource,omitempty"`
	// Postgres is a server, as host or host:port, that accepts connections.
	// +krm-sidecars:text=no-blanks
	Postgres string `json:"postgres,omitempty"`
	// MySQL is a server, as host or host:port, that answers.
	// +krm-sidecars:text=no-blanks
	MySQL string `json:"mysql,omitempty"`
	// MariaDB is a server, as host or host:port, that answers.
	// +krm-sidecars:text=no-blanks
	MariaDB string `json:"mariadb,omitempty"`
	// Redis is a server, as host or host:port, that has loaded its data.
	// +krm-sidecars:text=no-blanks
	Redis string `json:"redis,omitempty"`
	// Valkey is a server, as host or host:port, that has loaded its data.
	// +krm-sidecars:text=no-blanks
	Valkey string `json:"valkey,omitempty"`
	// MongoDB is a server, as host or host:port, that answers.
	// +krm-sidecars:text=no-blanks
	MongoDB string `json:"mongodb,omitempty"`
	// Kafka is a broker, as host or host:port, that tells its versions.
	// +krm-sidecars:text=no-blanks
	Kafka string `json:"kafka,omitempty"`
	// RabbitMQ is a server, as host or host:port, that greets in AMQP.
	// +krm-sidecars:text=no-blanks
	RabbitMQ string `json:"rabbitmq,omitempty"`
}

// waits are the things to wait for.
type waits []Wait

func (ws waits) setDefaults() {
	for i := range ws {
		ws[i].CA.setDefaults()
		ws[i].Resource.setDefaults()
	}
}

// add adds a container for each client that the waits need. Those that ask the
// network share one, in front; objects of Kubernetes come last.
func (ws waits) add(p *plan) {
	ws.checkSelf(p)
	groups := ws.groups()
	resources := ws.resources()
	alone := len(groups)+len(resources) == 1
	for _, g := range groups {
		more := g.client.name
		if alone || more == network {
			more = ""
		}
		g.add(p, more)
	}
	for _, r := range resources {
		r.add(p, alone)
	}
	p.warnOfMesh()
}

// resources are the objects of Kubernetes among the waits.
func (ws waits) resources() []*Resource {
	var all []*Resource
	for _, w := range ws {
		if w.Resource != nil {
			all = append(all, w.Resource)
		}
	}
	return all
}

// group are waits of one client.
type group struct {
	client client
	waits  []Wait
}

// groups sorts the waits by their clients, the network's in front.
func (ws waits) groups() []group {
	var all []group
	for _, c := range clients() {
		g := group{client: c}
		for _, w := range ws {
			for _, k := range w.kinds() {
				if k.client == c.name {
					g.waits = append(g.waits, w)
				}
			}
		}
		if len(g.waits) > 0 {
			all = append(all, g)
		}
	}
	return all
}

func (g group) add(p *plan, more string) {
	image, size := g.client.image, g.client.size
	if g.needsCurl() {
		image, size = "curl", withCurl()
	}
	c := p.container(more, images.Get(image), size)
	c.Env = g.client.env
	if g.client.scratch != "" {
		p.scratch(&c, g.client.scratch)
	}
	args := []string{p.timeout(), p.interval()}
	for _, w := range g.waits {
		args = append(args, w.args(p.mountCA(&c, w.CA))...)
	}
	shell(&c, g.script(), c.Name, args...)
	p.run(c, inject.RankPrepare)
}

// args are the parameters of the script for one wait: its options come in front.
func (w Wait) args(ca string) []string {
	var args []string
	if w.Status != 0 {
		args = append(args, "status", strconv.Itoa(int(w.Status)))
	}
	if w.TLS {
		args = append(args, "tls", "yes")
	}
	for _, option := range []struct{ name, value string }{{"expect", w.Expect}, {"service", w.Service}, {"ca", ca}} {
		if option.value != "" {
			args = append(args, option.name, option.value)
		}
	}
	for _, k := range w.kinds() {
		args = append(args, k.name, k.address(w))
	}
	return args
}

// needsCurl reports whether busybox cannot ask: its wget checks no certificates
// and tells no status.
func (g group) needsCurl() bool { return slices.ContainsFunc(g.waits, Wait.needsCurl) }

func (w Wait) needsCurl() bool {
	return strings.HasPrefix(strings.ToLower(w.HTTP), "https:") || w.Status != 0 || w.Expect != "" || w.GRPC != ""
}

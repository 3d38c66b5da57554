package initcontainer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// Register tells a service discovery about the pod: a sidecar registers it when
// the app accepts connections, does so again from time to time, and takes it out
// as soon as the pod begins to end.
// +krm-sidecars:oneOf=consul;http
type Register struct {
	// Consul is a Consul agent.
	Consul *Consul `json:"consul,omitempty"`
	// HTTP is anything else that takes requests.
	HTTP *RegisterHTTP `json:"http,omitempty"`
	// Port where the app accepts connections. Required.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port,omitempty"`
	// Token is a key of a Secret; it goes along as Authorization: Bearer.
	Token *config.SecretKey `json:"token,omitempty"`
	// CA checks the certificate of an https address. Default: the authorities that
	// the image of curl knows.
	CA *CA `json:"ca,omitempty"`
	// RefreshSeconds lie between two registrations. Default 60.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:default=60
	RefreshSeconds int32 `json:"refreshSeconds,omitempty"`
}

// Consul is what the agent is told.
type Consul struct {
	// Address of the agent. Default http://$(HOST_IP):8500, the one on the node.
	// $(POD_IP), $(POD_NAME), $(POD_NAMESPACE), $(HOST_IP) and $(NODE_NAME) stand for
	// what they name.
	// +krm-sidecars:text=url
	// +kubebuilder:default="http://$(HOST_IP):8500"
	Address string `json:"address,omitempty"`
	// Service is its name. Default: that of the workload.
	// +krm-sidecars:text=dns-label
	Service string `json:"service,omitempty"`
	// Tags of the service.
	// +krm-sidecars:text=single-line
	Tags []string `json:"tags,omitempty"`
	// Meta are keys and values of the service.
	Meta map[string]string `json:"meta,omitempty"`
	// HealthPath is what the agent asks the app for by http. Default: it looks
	// whether the port is open.
	// +krm-sidecars:text=absolute
	HealthPath string `json:"healthPath,omitempty"`
	// DeregisterAfter is how long the agent keeps a pod that fails, such as one whose
	// node is gone. Default 10m.
	// +krm-sidecars:text=duration
	// +kubebuilder:default="10m"
	DeregisterAfter string `json:"deregisterAfter,omitempty"`
}

// RegisterHTTP are requests. In their URLs and bodies $(POD_IP), $(POD_NAME),
// $(POD_NAMESPACE), $(HOST_IP) and $(NODE_NAME) stand for what they name.
type RegisterHTTP struct {
	// Register registers the pod, again and again. Required.
	// +required
	Register *Request `json:"register,omitempty"`
	// Deregister takes it out.
	Deregister *Request `json:"deregister,omitempty"`
	// ContentType of the bodies. Default application/json.
	// +krm-sidecars:text=single-line
	// +kubebuilder:default="application/json"
	ContentType string `json:"contentType,omitempty"`
}

// Request is a request of http or https that has to be answered with 2xx.
type Request struct {
	// Method of it. Default PUT to register, and DELETE to deregister.
	// +kubebuilder:validation:Enum=GET;PUT;POST;PATCH;DELETE
	Method string `json:"method,omitempty"`
	// URL that is asked. Required.
	// +required
	// +krm-sidecars:text=url
	URL string `json:"url,omitempty"`
	// Body of the request.
	Body string `json:"body,omitempty"`
}

const defaultRefresh = 60

func (r *Register) setDefaults() {
	r.CA.setDefaults()
	if r.RefreshSeconds == 0 {
		r.RefreshSeconds = defaultRefresh
	}
	if k := r.Consul; k != nil {
		k.Address = cmp.Or(k.Address, "http://$(HOST_IP):8500")
		k.DeregisterAfter = cmp.Or(k.DeregisterAfter, "10m")
	}
	if h := r.HTTP; h != nil {
		h.ContentType = cmp.Or(h.ContentType, "application/json")
		h.Register.setDefault("PUT")
		h.Deregister.setDefault("DELETE")
	}
}

func (q *Request) setDefault(method string) {
	if q != nil {
		q.Method = cmp.Or(q.Method, method)
	}
}

func (r *Register) validate(*Config) config.Errors {
	var errs config.Errors
	switch {
	case r.Consul == nil && r.HTTP == nil:
		errs.Addf("", "empty; choose one of consul, http")
	case r.Consul != nil && r.HTTP != nil:
		errs.Addf("", "holds consul and http; keep one of them")
	case r.Consul != nil:
		errs = append(errs, r.Consul.validate().Under("consul")...)
	default:
		errs = append(errs, r.HTTP.validate().Under("http")...)
	}
	if r.Port < 1 || r.Port > 65535 {
		errs.Addf("port", "%d is no port; write the one where the app accepts connections", r.Port)
	}
	errs = append(errs, r.Token.Validate("token")...)
	errs = append(errs, r.CA.validate().Under("ca")...)
	if r.RefreshSeconds < 1 {
		errs.Addf("refreshSeconds", "%d is no time; write a number from 1 on", r.RefreshSeconds)
	}
	return errs
}

func (k *Consul) validate() config.Errors {
	errs := config.Each("address", k.Address, podURL)
	errs = append(errs, config.Each("service", k.Service, config.DNSLabel)...)
	errs = append(errs, config.All("tags", k.Tags, config.SingleLine)...)
	for _, key := range slices.Sorted(maps.Keys(k.Meta)) {
		errs = append(errs, config.Each("meta", key, config.DataKey)...)
		errs = append(errs, config.NoPassword("meta."+key, k.Meta[key])...)
	}
	errs = append(errs, config.Each("healthPath", k.HealthPath, urlPath)...)
	return append(errs, config.Each("deregisterAfter", k.DeregisterAfter, config.Duration)...)
}

func (h *RegisterHTTP) validate() config.Errors {
	var errs config.Errors
	if h.Register == nil {
		errs.Addf("register", "missing; write {url: ..., body: ...}")
	}
	for _, q := range []struct {
		field string
		*Request
	}{{"register", h.Register}, {"deregister", h.Deregister}} {
		if q.Request != nil {
			errs = append(errs, q.validate().Under(q.field)...)
		}
	}
	return append(errs, config.Each("contentType", h.ContentType, config.SingleLine)...)
}

func (q *Request) validate() config.Errors {
	errs := config.OneOf("method", q.Method, "GET", "PUT", "POST", "PATCH", "DELETE")
	if q.URL == "" {
		errs.Addf("url", "missing; write the address that takes the request")
	}
	errs = append(errs, config.Each("url", q.URL, podURL)...)
	if bad := config.NoPassword("body", q.Body); len(bad) > 0 {
		errs.Addf("body", "a password in plain text; give spec.register.token by reference to a Secret")
	} else if wrong := podText(q.Body); wrong != "" {
		errs.Addf("body", "%s", wrong)
	}
	return errs
}

// reference is how a text gets the value of a variable.
var reference = lazyre.New(`\$\(([A-Za-z_][A-Za-z0-9_]*)\)`)

// podURL is an address that may hold what is known of the pod.
func podURL(text string) string {
	if wrong := podText(text); wrong != "" {
		return wrong
	}
	filled := reference().ReplaceAllString(text, "value")
	if strings.ContainsAny(filled, " \"'<>\\") || config.SingleLine(filled) != "" {
		return "is no address; write it without blanks and quotes"
	}
	return config.URL("http", "https")(filled)
}

// podText is a text that may hold what is known of the pod.
func podText(text string) string {
	for _, m := range reference().FindAllStringSubmatch(text, -1) {
		if !slices.Contains(podNames(), m[1]) {
			return fmt.Sprintf("names $(%s), which the container does not have; it has $(%s)", m[1], strings.Join(podNames(), "), $("))
		}
	}
	return ""
}

func urlPath(text string) string {
	if !strings.HasPrefix(text, "/") || strings.ContainsAny(text, " \"'<>\\") || config.SingleLine(text) != "" {
		return "is no path; begin it with /, and write it without blanks and quotes"
	}
	return ""
}

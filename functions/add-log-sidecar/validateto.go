package logsidecar

import (
	"net"
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/lazyre"
)

// validateDestination checks where the records go, and that the agent has a way
// there.
func (c *Config) validateDestination(a agent) config.Errors {
	d := c.to()
	errs := config.OneMember("spec.destination", d)
	if len(errs) > 0 {
		return errs
	}
	at := "spec.destination." + d.name()
	errs = append(errs, d.sink().validate().Under(at)...)
	errs = append(errs, d.validateLink().Under(at)...)
	if keys := d.keys(); keys != nil {
		errs = append(errs, keys.validate().Under(at+".credentials")...)
	}
	out, ok := a.output(d.name())
	switch {
	case !ok:
		errs.Addf(at, "%s cannot send to %s; agents that can are %s", a.name, d.name(), sending(d.name()))
		return errs
	case out.image == needsImage && (c.Container == nil || c.Container.Image == ""):
		errs.Addf("spec.container.image", "missing: no public image of %s sends to %s; name one that has the plugin, or use another agent: %s", a.name, d.name(), sending(d.name()))
	}
	for _, check := range out.checks {
		errs = append(errs, check(a.name, d).Under(at)...)
	}
	return errs
}

// validateLink checks how the agent reaches the destination.
func (d *Destination) validateLink() config.Errors {
	link := d.sink().link()
	if link == nil {
		return nil
	}
	errs := link.TLS.validate().Under("tls")
	if link.Auth == nil {
		return errs
	}
	errs = append(errs, config.OneMember("auth", link.Auth)...)
	errs = append(errs, d.validateAuth()...)
	a := link.Auth
	errs = append(errs, a.Token.Validate("auth.token")...)
	errs = append(errs, a.APIKey.Validate("auth.apiKey")...)
	if a.Basic != nil {
		errs = append(errs, a.Basic.validate().Under("auth.basic")...)
	}
	if a.SASL != nil {
		errs = append(errs, a.SASL.Basic.validate().Under("auth.sasl")...)
		errs = append(errs, config.Each("auth.sasl.mechanism", a.SASL.Mechanism, config.Word(saslPlain, saslSHA256, saslSHA512))...)
	}
	return errs
}

// validateAuth reports kinds of auth that do not fit.
func (d *Destination) validateAuth() config.Errors {
	auth, fit := d.auth(), d.sink().auths()
	var errs config.Errors
	set, _ := config.Members(&auth)
	for _, kind := range set {
		if !slices.Contains(fit, kind) {
			errs.Addf("auth."+kind, "%s takes %s", d.name(), strings.Join(fit, " or "))
		}
	}
	return errs
}

func (t *TLS) validate() config.Errors {
	if t == nil {
		return nil
	}
	errs := config.Each("serverName", t.ServerName, config.ObjectName)
	if t.InsecureSkipVerify && !t.AllowInsecure {
		errs.Addf("insecureSkipVerify", "anybody could read the logs; give the ca, or write allowInsecure: true beside it")
	}
	if t.CA != nil {
		errs = append(errs, config.OneMember("ca", t.CA)...)
		errs = append(errs, t.CA.Secret.Validate("ca.secret")...)
		errs = append(errs, t.CA.ConfigMap.Validate("ca.configMap")...)
	}
	return errs
}

func (b *Basic) validate() config.Errors {
	errs := required("secretName", b.SecretName, "name the Secret, such as log-shipping", config.ObjectName)
	errs = append(errs, config.Each("userKey", b.UserKey, config.DataKey)...)
	return append(errs, config.Each("passwordKey", b.PasswordKey, config.DataKey)...)
}

func (c *Credentials) validate() config.Errors {
	errs := required("secretName", c.SecretName, "name the Secret, or leave credentials out to use the pod's identity", config.ObjectName)
	errs = append(errs, config.Each("accessKeyIdKey", c.AccessKeyIDKey, config.DataKey)...)
	return append(errs, config.Each("secretAccessKeyKey", c.SecretAccessKeyKey, config.DataKey)...)
}

// required checks a text that must be set.
func required(at, text, what string, checks ...config.Check) config.Errors {
	var errs config.Errors
	if text == "" {
		errs.Addf(at, "missing; %s", what)
	}
	return append(errs, config.Each(at, text, checks...)...)
}

// webURL is a URL in which no agent finds anything to put in place.
func webURL(text string) string {
	if wrong := config.URL("https", protocolHTTP)(text); wrong != "" {
		return wrong
	}
	if i := strings.IndexAny(text, "${}%\"'\\ ,#"); i >= 0 {
		return "holds " + text[i:i+1] + ", which agents do not take as part of an address"
	}
	return ""
}

// baseURL is a URL whose path the agent completes.
func baseURL(api string) config.Check {
	return func(text string) string {
		if strings.ContainsAny(text, "?") {
			return "holds a query, for which the agent has no place"
		}
		if strings.HasSuffix(base(text), api) {
			return "holds the path of the API; leave " + api + " out"
		}
		return ""
	}
}

// encrypts is a URL that goes with the TLS block beside it.
func (l *Link) encrypts(text string) string {
	if l.TLS != nil && strings.HasPrefix(text, "http:") {
		return "is not encrypted, so that tls has no effect; write https, or leave tls out"
	}
	return ""
}

// hostPort is host:port.
func hostPort(text string) string {
	host, port, err := net.SplitHostPort(text)
	if err != nil || config.Port(port) != "" || !hostName().MatchString(host) {
		return "is no address; write it as host:port"
	}
	return ""
}

// Texts in which no agent finds anything to put in place.
var (
	hostName  = lazyre.New(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^[0-9A-Fa-f:.]+$`)
	indexName = lazyre.New(`^[a-z0-9][a-z0-9._-]*$`)
	topicName = lazyre.New(`^[A-Za-z0-9._-]{1,249}$`)
	bucket    = lazyre.New(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	region    = lazyre.New(`^[a-z0-9-]+$`)
	objectKey = lazyre.New(`^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$`)
	groupName = lazyre.New(`^[A-Za-z0-9._/#-]{1,512}$`)
	tenant    = lazyre.New(`^[A-Za-z0-9!._*'()|-]{1,150}$`)
	word      = lazyre.New(`^[A-Za-z0-9_.:-]+$`)
	inert     = lazyre.New(`^[A-Za-z0-9_./:@;=+*()-]([A-Za-z0-9 _./:@;=+*()-]*[A-Za-z0-9_./:@;=+*()-])?$`)
	header    = lazyre.New(`^[A-Za-z0-9-]+$`)
)

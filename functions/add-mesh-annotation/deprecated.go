package meshannotation

// deprecation is a label or annotation that a mesh no longer wants.
type deprecation struct {
	mesh   string
	key    string
	by     string            // the key that took its place; "" if none did
	values map[string]string // what old values mean there; others stay as they are
	unit   string            // that the new value needs behind the number
	advice string            // what to do where there is no other key
}

const (
	statsAdvice  = "set proxyStatsMatcher in spec.istio"
	kumaUIDs     = "traffic.kuma.io/exclude-outbound-ports-for-uids"
	kumaUIDsTold = "write it as " + kumaUIDs + ", with the protocol in front: "
)

// deprecations are the labels and annotations that meshes no longer want.
func deprecations() []deprecation {
	return []deprecation{
		{mesh: "istio", key: "sidecar.istio.io/discoveryAddress", advice: "set discoveryAddress in spec.istio.proxyConfig"},
		{mesh: "istio", key: "sidecar.istio.io/statsInclusionPrefixes", advice: statsAdvice},
		{mesh: "istio", key: "sidecar.istio.io/statsInclusionSuffixes", advice: statsAdvice},
		{mesh: "istio", key: "sidecar.istio.io/statsInclusionRegexps", advice: statsAdvice},
		{mesh: "istio", key: "sidecar.istio.io/extraStatTags", advice: "name the tags in a Telemetry object"},
		{mesh: "istio", key: "sidecar.istio.io/statsCompression", advice: "remove it; Envoy compresses when the client asks"},
		{mesh: "istio", key: "sidecar.istio.io/controlPlaneAuthPolicy", advice: "remove it; the proxy always uses mutual TLS to the control plane"},
		{mesh: "istio", key: "security.istio.io/tlsMode", advice: "remove it; the injector sets it itself"},
		{mesh: "istio", key: "traffic.sidecar.istio.io/kubevirtInterfaces", by: "istio.io/reroute-virtual-interfaces"},
		{mesh: "linkerd", key: "config.alpha.linkerd.io/proxy-enable-native-sidecar", by: "config.linkerd.io/proxy-enable-native-sidecar"},
		{mesh: "linkerd", key: "config.beta.linkerd.io/proxy-enable-native-sidecar", by: "config.linkerd.io/proxy-enable-native-sidecar"},
		{mesh: "kuma", key: "kuma.io/virtual-probes", advice: "set kuma.io/application-probe-proxy-port, to \"0\" where it was disabled"},
		{mesh: "kuma", key: "kuma.io/virtual-probes-port", by: "kuma.io/application-probe-proxy-port"},
		{mesh: "kuma", key: "traffic.kuma.io/exclude-outbound-tcp-ports-for-uids", advice: kumaUIDsTold + "tcp:80:1000"},
		{mesh: "kuma", key: "traffic.kuma.io/exclude-outbound-udp-ports-for-uids", advice: kumaUIDsTold + "udp:53:1000"},
		{mesh: "dapr", key: "dapr.io/app-ssl", by: "dapr.io/app-protocol", values: map[string]string{"true": "https", "false": "http"}},
		{mesh: "dapr", key: "dapr.io/http-max-request-size", by: "dapr.io/max-body-size", unit: "Mi"},
		{mesh: "dapr", key: "dapr.io/http-read-buffer-size", by: "dapr.io/read-buffer-size", unit: "Ki"},
		{mesh: "dapr", key: "dapr.io/id", by: "dapr.io/app-id"},
		{mesh: "dapr", key: "dapr.io/port", by: "dapr.io/app-port"},
		{mesh: "dapr", key: "dapr.io/protocol", by: "dapr.io/app-protocol"},
	}
}

func deprecatedKey(key string) (deprecation, bool) {
	for _, d := range deprecations() {
		if d.key == key {
			return d, true
		}
	}
	return deprecation{}, false
}

// instead says what to do about a deprecated key.
func (d deprecation) instead() string {
	if d.by != "" {
		return "write " + d.by
	}
	return d.advice
}

// value is what an old value is under the new key.
func (d deprecation) value(old string) string {
	if v, ok := d.values[old]; ok {
		return v
	}
	return old + d.unit
}

package mesh

// ports are those of the app, with a probe.
const ports = `        ports: [{containerPort: 8080, name: http}]
        readinessProbe: {httpGet: {path: /healthz, port: http}}
`

func settings() map[string]setting {
	return map[string]setting{
		"includeInboundPorts":           {spec: "{includeInboundPorts: [8080, 8443]}", want: facts{"init -b": "8080,8443"}},
		"includeInboundPorts, all":      {spec: `{includeInboundPorts: ["*"]}`, in: web(`labels: {app: web}, annotations: {example.com/a: b}`, ports), want: facts{"annotation traffic.sidecar.istio.io/includeInboundPorts": "*"}},
		"includeInboundPorts, none":     {spec: "{includeInboundPorts: []}", want: facts{"init -b": ""}},
		"excludeInboundPorts":           {spec: "{excludeInboundPorts: [9113]}", want: facts{"init -d": "15090,15021,9113,15020"}},
		"includeOutboundPorts":          {spec: "{includeOutboundPorts: [6379]}", want: facts{"init -q": "6379"}},
		"excludeOutboundPorts":          {spec: "{excludeOutboundPorts: [8200, 5432]}", want: facts{"init -o": "8200,5432"}},
		"excludeOutboundPorts, merged":  {spec: "{excludeOutboundPorts: [8200]}", in: web(`labels: {app: web}, annotations: {traffic.sidecar.istio.io/excludeOutboundPorts: "5432"}`, ports), want: facts{"init -o": "5432,8200"}},
		"includeOutboundIPRanges":       {spec: "{includeOutboundIPRanges: [10.0.0.0/8, 192.168.0.0/16]}", want: facts{"init -i": "10.0.0.0/8,192.168.0.0/16"}},
		"includeOutboundIPRanges, none": {spec: "{includeOutboundIPRanges: []}", want: facts{"init -i": ""}},
		"excludeOutboundIPRanges":       {spec: "{excludeOutboundIPRanges: [169.254.169.254/32]}", want: facts{"init -x": "169.254.169.254/32"}},
		"excludeInterfaces":             {spec: "{excludeInterfaces: [eth1, net0]}", want: facts{"init -c": "eth1,net0"}},
		"rerouteVirtualInterfaces":      {spec: "{rerouteVirtualInterfaces: [net1, net2]}", want: facts{"init -k": "net1,net2"}},
		"interceptionMode, TPROXY":      {spec: "{interceptionMode: TPROXY}", want: facts{"init -m": "TPROXY"}},
		"interceptionMode, NONE":        {spec: "{interceptionMode: NONE}", want: facts{"init": "", "order": "istio-proxy* | app"}},

		"cpu and memory": {spec: "{proxy: {cpu: 100m, memory: 64Mi}}", want: facts{"proxy resources": `{"requests":{"cpu":"100m","memory":"64Mi"}}`}},
		"limits":         {spec: "{proxy: {cpuLimit: 500m, memoryLimit: 256Mi}}", want: facts{"proxy resources": `{"limits":{"cpu":"500m","memory":"256Mi"}}`}},
		"image":          {spec: "{proxy: {image: registry.example.com/proxyv2:1.30.1}}", want: facts{"proxy image": "registry.example.com/proxyv2:1.30.1"}},
		"imageType":      {spec: "{proxy: {imageType: distroless}}", want: facts{"proxy image": "registry.istio.io/testing/proxyv2:latest-distroless"}},

		"nativeSidecar":         {spec: "{nativeSidecar: true}", node: olderNode, want: facts{"order": "istio-init istio-proxy* | app"}},
		"nativeSidecar, not":    {spec: "{nativeSidecar: false}", want: facts{"order": "istio-init | app istio-proxy"}},
		"rewriteAppHTTPProbers": {spec: "{rewriteAppHTTPProbers: false}", want: facts{"app readiness": `{"httpGet":{"path":"/healthz","port":"http"}}`}},
		"statusPort":            {spec: "{statusPort: 15120}", want: facts{"init -d": "15090,15021,15120", "app readiness": `{"httpGet":{"path":"/app-health/app/readyz","port":15120}}`}},
		"statusPort, off":       {spec: "{statusPort: 0}", want: facts{"proxy readiness": "null"}},
		"readiness": {spec: "{readiness: {initialDelaySeconds: 3, periodSeconds: 4, failureThreshold: 5}}", want: facts{
			"proxy readiness": `{"failureThreshold":5,"httpGet":{"path":"/healthz/ready","port":15021},"initialDelaySeconds":3,"periodSeconds":4,"timeoutSeconds":3}`,
		}},
		"readiness, applicationPorts": {spec: "{readiness: {applicationPorts: [8080]}}", want: facts{"annotation readiness.status.sidecar.istio.io/applicationPorts": "8080"}},
		"userVolumes":                 {spec: "{userVolumes: [{name: ca, secret: {secretName: ca}}], userVolumeMounts: [{name: ca, mountPath: /etc/ca, readOnly: true}]}", want: facts{"volume ca": `{"secret":{"secretName":"ca"}}`, "proxy mount ca": "/etc/ca"}},
		"mergeMetrics":                {spec: "{mergeMetrics: false}", in: web(`labels: {app: web}, annotations: {prometheus.io/scrape: "true", prometheus.io/port: "8080"}`, ports), want: facts{"annotation prometheus.io/port": "8080"}},
		"bootstrapOverride":           {spec: "{bootstrapOverride: envoy}", want: facts{"volume custom-bootstrap-volume": `{"configMap":{"name":"envoy"}}`}},
		"templates":                   {spec: "{templates: [gateway]}", want: facts{"init": ""}},

		"logLevel":          {spec: "{logLevel: debug}", want: facts{"proxy --proxyLogLevel": "debug"}},
		"componentLogLevel": {spec: "{componentLogLevel: {misc: error, http: debug}}", want: facts{"proxy --proxyComponentLogLevel": "http:debug,misc:error"}},
		"agentLogLevel":     {spec: "{agentLogLevel: default:debug}", want: facts{"proxy --log_output_level": "default:debug"}},

		"holdApplicationUntilProxyStarts": {spec: "{holdApplicationUntilProxyStarts: true}", node: olderNode, want: facts{"order": "istio-init | istio-proxy app", "proxy lifecycle": `{"postStart":{"exec":{"command":["pilot-agent","wait"]}}}`}},
		"concurrency":                     {spec: "{concurrency: 3}", want: facts{"config concurrency": "3"}},
		"terminationDrainDuration":        {spec: "{terminationDrainDuration: 7s}", want: facts{"config terminationDrainDuration": "7s"}},
		"drainDuration":                   {spec: "{drainDuration: 50s}", want: facts{"config drainDuration": "50s"}},
		"proxyMetadata":                   {spec: "{proxyMetadata: {ISTIO_META_DNS_CAPTURE: 'true'}}", want: facts{"proxy env ISTIO_META_DNS_CAPTURE": "true", "config proxyMetadata": `{"ISTIO_META_DNS_CAPTURE":"true"}`}},
		"proxyStatsMatcher":               {spec: "{proxyStatsMatcher: {inclusionPrefixes: [cluster.outbound]}}", want: facts{"config proxyStatsMatcher": `{"inclusionPrefixes":["cluster.outbound"]}`}},
		"proxyConfig":                     {spec: "{proxyConfig: {serviceCluster: shop}}", want: facts{"config serviceCluster": "shop"}},
		"network":                         {spec: "{network: east}", want: facts{"label topology.istio.io/network": "east"}},
		"canonicalName":                   {spec: "{canonicalName: shop, canonicalRevision: v2}", want: facts{"label service.istio.io/canonical-name": "shop", "label service.istio.io/canonical-revision": "v2"}},
	}
}

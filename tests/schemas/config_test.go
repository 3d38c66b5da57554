package schemas_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/krm-sidecars/krm-sidecars/functions"
	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/yamlpatch"
)

// situations are specs that are valid. What one does not look at, another does.
var situations = map[string]string{
	"AddLogSidecar": `
logs: [{paths: [/var/log/app/app.log]}]
---
agent: fluent-bit
logs: [{paths: [/var/log/app/app.log]}]
---
agent: vector
logs: [{paths: [/var/log/app/app.log]}]
---
agent: otel-collector
logs: [{paths: [/var/log/app/app.log]}]
`,
	"AddExporter": `
preset: nginx
---
preset: redis
---
preset: nginxlog
---
preset: custom
custom: {image: shop/exporter:1.0, port: 9100}
---
preset: jmx
jmx: {image: shop/jmx:1.0, jar: /jmx.jar}
`,
	"AddSidecar": `
container: {name: agent, image: 'shop/agent:1.0'}
---
type: init
container: {name: agent, image: 'shop/agent:1.0'}
`,
	"AddInitContainer": `
waitFor: [{tcp: "db:5432"}]
---
waitFor: [{resource: {kind: Job, name: migrate}}]
---
waitFor: [{http: https://api/healthz, ca: {secret: ca}}]
---
waitFor: [{grpc: "api:9090", tls: true, service: shop.Orders}]
---
script: {text: date, into: {path: /data}}
---
script: {configMap: {name: scripts, key: a.sh}}
---
custom: {image: shop/assets:1.0, into: {path: /data}}
---
migrate: {tool: flyway, source: {configMap: a}, url: "jdbc:postgresql://db/shop"}
---
migrate: {tool: liquibase, source: {image: a}, databaseURL: {name: db, key: url}}
---
migrate: {useAppImage: true, command: [migrate]}
---
fetch: {git: {repo: "https://git/x"}, into: {path: /data}}
---
fetch: {http: {url: "https://example.com/a", ca: {secret: ca}}, into: {path: /data}}
---
fetch: {s3: {bucket: shop-pages}, into: {path: /data}}
---
fetch: {oci: {reference: "a:1"}, into: {path: /data}}
---
fetch: {image: {reference: "a:1"}, into: {path: /data}}
---
permissions: {paths: [/data], gid: 2000, mode: "u=rwX,g="}
---
render: {templates: {a.conf: $A}, into: {path: /data}, env: [{name: A, value: b}]}
---
render: {configMap: a, into: {path: /data}, engine: gomplate}
---
register: {consul: {}, port: 80}
---
register: {http: {register: {url: "http://a/$(POD_NAME)"}}, port: 80}
---
check: {files: [{path: /data}], env: [{name: A}], reachable: ["db:1"], forbid: [root]}
`,
	"AddVaultInit": `
address: https://vault.vault.svc:8200
role: web
secrets: [{path: secret/data/web}]
---
address: https://vault.vault.svc:8200
role: web
mode: sidecar
secrets: [{name: a, template: '{{ timestamp }}'}]
---
address: https://vault.vault.svc:8200
role: web
secrets: [{name: a, pki: {path: pki/issue/web, commonName: web.example.com}}]
---
address: https://vault.vault.svc:8200
role: web
secrets: [{path: secret/data/web}]
envWrap: {}
env: [{name: A, secret: web, key: a}]
`,
	"AddMeshAnnotation": `
mesh: istio
---
mesh: istio-ambient
---
mesh: linkerd
---
mesh: consul
---
mesh: kuma
---
mesh: dapr
---
mesh: opentelemetry
`,
	"InjectSidecars": `
functions:
- {kind: AddLogSidecar, name: logs, spec: {logs: [{paths: [/var/log/app/app.log]}]}}
- {kind: AddExporter, spec: {preset: nginx}}
---
fromItems: {}
`,
	"AddSyncSidecar": `
git: {repo: "https://a/b.git", ref: main, period: 1m, depth: 0, link: current, mount: {path: /srv/a, sizeLimit: 1Gi}, notify: {url: "http://127.0.0.1:80/"}, port: 1234}
---
bucket: {provider: s3, path: a/b, mount: {path: /srv/a}, options: {region: a}, credentials: {access_key_id: {name: a, key: b}}, period: 5m, direction: up}
---
configReload: {paths: [/etc/a], container: app, notify: {url: "http://127.0.0.1:80/", method: PUT}}
---
prometheusReload: {paths: [/etc/a], configFile: /etc/a/b, output: {path: /etc/c}, interval: 1m, port: 8080}
---
resources: {label: a, labelValue: b, kind: both, mount: {path: /srv/a}, namespace: shop, port: 8081}
---
reloader: {configMaps: [a], secrets: [b]}
`,
	"AddProxySidecar": `
oauth2Proxy: {issuerURL: https://login.example.com, secretName: oauth2, emailDomains: ["*"], skipAuthRoutes: [GET=^/a$], trustedProxyIPs: [10.0.0.0/8]}
---
tls: {secretName: web-tls, allowCN: [a], reloadInterval: 1m, port: 8443, upstreamPort: 8080}
---
rbac: {resource: {resource: services}, tlsSecretName: web-tls, ignorePaths: [/healthz]}
---
envoy: {protocol: http, timeoutSeconds: 5, logLevel: info, healthPort: 9902}
---
cloudSQL: {instances: [{name: "a:b:c", engine: mysql, env: {host: H, port: P, address: A}}], credentials: {name: a, key: b}}
---
alloyDB: {publicIP: true, instances: [{name: projects/a/locations/b/clusters/c/instances/d}]}
---
cloudflared: {token: {name: a, key: b}, metricsPort: 2000}
---
custom: {image: "a:1", port: 9000, uid: 1000, health: /ping, env: [{name: A, value: b}]}
`,
	"LintSidecars": `
failOn: warning
rules: {SC011: "off", literal-secret: warning}
ignore: [{rule: SC014, target: {names: [web]}, reason: of a vendor}]
target: {kinds: [Deployment]}
platform: openshift
requireDigest: true
fix: true
`,
	"RemoveSidecars": `
all: true
target: {kinds: [Deployment], exclude: {names: [web]}, required: true}
---
functions: [add-log-sidecar]
owners: [add-exporter.metrics]
`,
}

// specs returns the situations of a function.
func specs(t *testing.T, f krm.Function) []any {
	t.Helper()
	var all []any
	for d := yaml.NewDecoder(strings.NewReader(situations[f.Kind])); ; {
		var spec any
		if d.Decode(&spec) != nil {
			break
		}
		all = append(all, clone(t, spec))
	}
	if len(all) == 0 {
		t.Fatalf("no situations for %s; write some", f.Kind)
	}
	return all
}

// whole is a functionConfig with that spec.
func whole(f krm.Function, spec any) map[string]any {
	return map[string]any{"apiVersion": config.APIVersion, "kind": f.Kind, "metadata": map[string]any{"name": "some"}, "spec": spec}
}

// complaints returns what the code says about a spec.
func complaints(t *testing.T, f krm.Function, spec any) config.Errors {
	t.Helper()
	text, err := json.Marshal(whole(f, spec))
	check(t, err)
	_, err = krm.ReadConfigs(functions.All(), "config.yaml", string(text))
	var wrong *krm.ConfigError
	if err != nil && !errors.As(err, &wrong) {
		t.Fatal(err)
	}
	if wrong == nil {
		return nil
	}
	return wrong.Errors
}

// refuses reports whether the code complains about the place, with one of the
// specs.
func refuses(t *testing.T, f krm.Function, p place, value any, at ...place) bool {
	t.Helper()
	for _, s := range specs(t, f) {
		errs := complaints(t, f, p.with(s, value))
		if slices.ContainsFunc(errs, func(e config.FieldError) bool {
			return p.within(e.Path) || slices.ContainsFunc(at, func(a place) bool { return a.String() == e.Path })
		}) {
			return true
		}
	}
	return false
}

// TestSituations: the specs are valid for the code and the schema, so that a
// refusal means something.
func TestSituations(t *testing.T) {
	for _, f := range functions.All() {
		t.Run(f.Kind, func(t *testing.T) {
			s := compile(t, f)
			for _, spec := range specs(t, f) {
				if errs := complaints(t, f, spec); errs != nil {
					t.Errorf("%v: the code says %s", spec, errs)
				}
				if err := s.Validate(whole(f, spec)); err != nil {
					t.Errorf("%v: the schema says %v", spec, err)
				}
			}
		})
	}
}

// read decodes a functionConfig, and nothing else.
func read(t *testing.T, text string, into krm.Spec) {
	t.Helper()
	doc, err := yamlpatch.Parse(text, 0)
	check(t, err)
	if errs := config.Decode(doc, into); errs != nil {
		t.Fatal(errs)
	}
}

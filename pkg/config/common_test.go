package config_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

func TestCommonDefault(t *testing.T) {
	var got config.Common
	got.Default()
	diff(t, "Default()", config.Common{KubernetesVersion: "1.35", Platform: "kubernetes", InjectAs: "auto", OnConflict: "error"}, got)

	set := config.Common{KubernetesVersion: "1.28", Platform: "openshift", InjectAs: "native", OnConflict: "skip"}
	got = set
	got.Default()
	diff(t, "Default() of what is set", set, got)
	if errs := (&config.Common{}).Validate(); errs != nil {
		t.Error("nothing set:", errs)
	}
}

func TestCommonMinor(t *testing.T) {
	for version, want := range map[string]int{
		"": 35, "1.35": 35, "1.29": 29, "v1.29.3": 29, "1.30.1-gke.100": 30, "v1.31.2+k3s1": 31,
		"1": 0, "2.35": 0, "1.x": 0, "latest": 0, "1.29.": 0, "1.9999": 0,
	} {
		if got := (&config.Common{KubernetesVersion: version}).Minor(); got != want {
			t.Errorf("Minor() of %q is %d, want %d", version, got, want)
		}
	}
}

func TestCommonNative(t *testing.T) {
	for _, tc := range []struct {
		injectAs, version string
		want              bool
	}{
		{"", "", true}, {"auto", "1.29", true}, {"auto", "1.28", false},
		{"native", "1.29", true}, {"container", "1.35", false},
	} {
		if got := (&config.Common{InjectAs: tc.injectAs, KubernetesVersion: tc.version}).Native(); got != tc.want {
			t.Errorf("Native() of %q on %q is %t, want %t", tc.injectAs, tc.version, got, tc.want)
		}
	}
}

func TestCommonValidate(t *testing.T) {
	for name, tc := range map[string]struct {
		spec string
		want []string
	}{
		"fine": {`target: {kinds: [Deployment], labels: "app=web,tier!=db", exclude: {names: ["*-canary"]}}
kubernetesVersion: v1.29.3
injectAs: native
placement: {before: [istio-proxy], after: [vault-agent]}
container: {name: log, imagePullPolicy: Always, env: [{name: A, value: b}]}
`, nil},
		"many at once": {`target:
  kinds: [deployment, v1/Pod]
  names: ["web-[", ""]
  labels: app in web
  exclude: {}
  containers: [App]
  templatePaths: [{path: "spec..x"}]
kubernetesVersion: "1.19"
platform: okd
injectAs: nativ
placement: {before: [a, B], after: [a]}
onConflict: fail
container:
  name: my_log
  imagePullPolicy: Sometimes
  args: ["--dsn=postgres://me:hunter2@db"]
  env:
  - {name: DB_PASSWORD, value: hunter2}
`, []string{
			`6: spec.target.kinds[0]: "deployment" is no kind; write it as Deployment or argoproj.io/Rollout`,
			`6: spec.target.kinds[1]: "v1/Pod" is no kind; write it as Deployment or argoproj.io/Rollout`,
			`7: spec.target.names[0]: "web-[" is no pattern; close its brackets, or write \[ for a bracket`,
			"7: spec.target.names[1]: empty; give a name or a pattern such as web-*",
			`8: spec.target.labels: "app in web" is no condition; write app=web, app!=web, app in (a,b), app notin (a,b), app or !app`,
			"9: spec.target.exclude: empty, which would exclude everything; name what to exclude or remove it",
			`10: spec.target.containers[0]: "App" is no container name; use up to 63 lower-case letters, digits and -`,
			"11: spec.target.templatePaths[0].kind: missing; name the kind that holds the pod template",
			`11: spec.target.templatePaths[0].path: reading path "spec..x": a field name is missing before ".x"`,
			`12: spec.kubernetesVersion: "1.19" is not supported; give a version from 1.20 to 1.60`,
			`13: spec.platform: "okd" is none of kubernetes, openshift`,
			`14: spec.injectAs: "nativ" is none of auto, native, container`,
			`15: spec.placement.before[1]: "B" is no container name; use up to 63 lower-case letters, digits and -`,
			`15: spec.placement.after[0]: "a" is in before as well; keep one`,
			`16: spec.onConflict: "fail" is none of error, skip`,
			`18: spec.container.name: "my_log" is no container name; use up to 63 lower-case letters, digits and -`,
			`19: spec.container.imagePullPolicy: "Sometimes" is none of Always, IfNotPresent, Never`,
			"20: spec.container.args[0]: a password in plain text; write $(PASSWORD) in its place and add a variable with valueFrom.secretKeyRef: " +
				"{name: PASSWORD, valueFrom: {secretKeyRef: {name: my-secret, key: my-key}}}",
			"22: spec.container.env[0].value: a secret in plain text; use valueFrom.secretKeyRef: {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: my-secret, key: my-key}}}",
		}},
		"no version": {"kubernetesVersion: latest\ninjectAs: native\n", []string{
			`5: spec.kubernetesVersion: "latest" is no Kubernetes version; write it as "1.35"`,
		}},
		"no native sidecars yet": {"injectAs: native\nkubernetesVersion: \"1.28\"\n", []string{
			"5: spec.injectAs: native sidecars need Kubernetes 1.29, kubernetesVersion is 1.28; write auto or container",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, ours(tc.spec))
			var spec testSpec
			if errs := config.Decode(doc, &spec); errs != nil {
				t.Fatal(errs)
			}
			diff(t, "Validate()", tc.want, lines(spec.Validate().Locate(doc)))
		})
	}
}

func TestLiteralSecrets(t *testing.T) {
	const byName, byValue = "a secret in plain text", "a password in plain text"
	for _, tc := range []struct{ name, value, want string }{
		{"DB_PASSWORD", "hunter2", byName},
		{"password", "hunter2", byName},
		{"PGPASSWORD_PASSWD", "hunter2", byName},
		{"DB_PWD", "hunter2", byName},
		{"GITHUB_TOKEN", "hunter2", byName},
		{"TOKEN_GITHUB", "hunter2", byName},
		{"CLIENT_SECRET", "hunter2", byName},
		{"STRIPE_API_KEY", "hunter2", byName},
		{"AWS_SECRET_ACCESS_KEY", "hunter2", byName},
		{"SSH_PRIVATE_KEY", "hunter2", byName},
		{"spring.datasource.password", "hunter2", byName},
		{"MY_CREDENTIALS", "hunter2", byName},
		{"URL", "postgres://me:hunter2@db:5432/app", byValue},
		{"URL", "redis://:hunter2@cache", byValue},
		{"DATA_SOURCE_NAME", "root:hunter2@(db:3306)/", byValue},
		{"DATA_SOURCE_NAME", "root:hunter2@tcp(db:3306)/", byValue},
		{"DSN", "host=db user=me password=hunter2", byValue},
		{"URLS", "http://a:$(B)@c http://a:hunter2@c", byValue},

		{"DB_PASSWORD", "", ""},
		{"DB_PASSWORD", "$(OTHER)", ""},
		{"DB_PASSWORD_FILE", "/run/secrets/db", ""},
		{"SECRET_NAME", "db", ""},
		{"TOKEN_URL", "https://login.example.com/token", ""},
		{"ALLOW_EMPTY_PASSWORD", "yes", ""},
		{"PWD", "/srv", ""},
		{"KEYBOARD", "us", ""},
		{"TOKENIZER", "bpe", ""},
		{"SECRETARY", "Joe", ""},
		{"API", "key", ""},
		{"URL", "postgres://me:$(DB_PASSWORD)@db", ""},
		{"URL", "https://example.com:8080/a@b", ""},
		{"URL", "https://me@example.com", ""},
		{"DSN", "host=db password=$(DB_PASSWORD)", ""},
	} {
		errs := config.LiteralSecrets([]corev1.EnvVar{{Name: "A", Value: "b"}, {Name: tc.name, Value: tc.value}}, "spec.env")
		switch got := errs.Error(); {
		case tc.want == "" && errs != nil:
			t.Errorf("%s=%s: %s", tc.name, tc.value, got)
		case tc.want != "" && !strings.HasPrefix(got, "spec.env[1].value: "+tc.want):
			t.Errorf("%s=%s: got %q, want %q", tc.name, tc.value, got, tc.want)
		case strings.Contains(got, "hunter2"):
			t.Errorf("%s: the message repeats the secret: %s", tc.name, got)
		}
	}
}

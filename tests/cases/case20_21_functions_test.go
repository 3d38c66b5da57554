package cases

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// podSpec reads the pod spec of the first object of a stream.
func podSpec(t *testing.T, out string) corev1.PodSpec {
	t.Helper()
	s, err := manifest.Read("out.yaml", out)
	if err != nil {
		t.Fatal(err)
	}
	var object struct {
		Spec struct{ Template corev1.PodTemplateSpec }
	}
	if err := yaml.Unmarshal([]byte(s.Objects[0].Alone()), &object); err != nil {
		t.Fatal(err)
	}
	return object.Spec.Template.Spec
}

// added returns the containers of a pod spec but the user's.
func added(t *testing.T, out string) []corev1.Container {
	t.Helper()
	spec := podSpec(t, out)
	var all []corev1.Container
	for _, c := range append(spec.InitContainers, spec.Containers...) {
		if c.Name != "app" {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		t.Fatalf("nothing was added:\n%s", out)
	}
	return all
}

// sidecars are specs of functions that add containers, by names.
func sidecars() map[string][2]string {
	return map[string][2]string{
		"vault":        {addVault, webSecret},
		"vault native": {addVault, webSecret + "mode: native\nflavor: openbao"},
		"vault both":   {addVault, webSecret + "mode: init+sidecar\nagent: {revokeOnShutdown: true}"},
		"redis":        {addExporter, redis},
		"nginx":        {addExporter, "preset: nginx\nexposeStatus: 'off'"},
		"postgres":     {addExporter, "preset: postgres\ncredentials: {secretName: pg}"},
		"tail":         {addLogs, appLog},
		"fluent-bit":   {addLogs, appLog + "\nagent: fluent-bit\ndestination: {loki: {url: \"https://loki.example.com\"}}"},
		"vector":       {addLogs, appLog + "\nagent: vector\ndestination: {elasticsearch: {urls: [\"https://es.example.com\"]}}"},
	}
}

// By default Pod Security restricted takes all that is added, whatever the pod
// says of itself.
func TestCase20_AllAddedIsRestricted(t *testing.T) {
	for name, s := range sidecars() {
		for _, spec := range []string{app, "securityContext: {runAsNonRoot: true}" + app + "  securityContext: {runAsUser: 0}", "securityContext: {runAsUser: 0}" + app} {
			out, _ := does(t, s[0], s[1]).keeps(serving(spec))
			for _, c := range added(t, out) {
				sc := c.SecurityContext
				if sc == nil || sc.RunAsNonRoot == nil || !*sc.RunAsNonRoot || sc.AllowPrivilegeEscalation == nil || *sc.AllowPrivilegeEscalation ||
					sc.ReadOnlyRootFilesystem == nil || !*sc.ReadOnlyRootFilesystem || sc.SeccompProfile == nil || sc.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault ||
					sc.Capabilities == nil || len(sc.Capabilities.Drop) != 1 || sc.Capabilities.Drop[0] != "ALL" || sc.RunAsUser == nil || *sc.RunAsUser == 0 {
					t.Errorf("%s: container %s is not restricted: %+v", name, c.Name, sc)
				}
			}
		}
	}
}

// OpenShift chooses users itself.
func TestCase20_OpenShiftHasNoUsers(t *testing.T) {
	for name, s := range sidecars() {
		out, _ := does(t, s[0], s[1]+"\nplatform: openshift").keeps(serving(app))
		if strings.Contains(out, "runAsUser") || strings.Contains(out, "runAsGroup") || strings.Contains(out, "fsGroup") {
			t.Errorf("%s chooses users:\n%s", name, out)
		}
	}
}

// A file system that cannot be written needs volumes with a bound where the
// container writes; the node may lose them.
func TestCase20_VolumesAreBounded(t *testing.T) {
	for name, s := range sidecars() {
		out, _ := does(t, s[0], s[1]).keeps(serving(app))
		for _, v := range podSpec(t, out).Volumes {
			if v.EmptyDir == nil {
				continue
			}
			if v.EmptyDir.SizeLimit == nil {
				t.Errorf("%s: volume %s has no limit", name, v.Name)
			}
			if _, list, _ := strings.Cut(out, "safe-to-evict-local-volumes: "); !strings.Contains(strings.SplitN(list, "\n", 2)[0], v.Name) {
				t.Errorf("%s: volume %s keeps a node from being drained", name, v.Name)
			}
		}
	}
}

// The app has to be able to read its secrets, and nobody else.
func TestCase20_SecretsAreReadable(t *testing.T) {
	for _, c := range []struct{ name, spec, config, user, perms string }{
		{"the pod's user", "securityContext: {runAsUser: 1000}" + app, "", "runAsUser: 1000", `"perms": "0640"`},
		{"the container's user", app + "  securityContext: {runAsUser: 1000}", "", "runAsUser: 1000", `"perms": "0640"`},
		{"the pod's group", "securityContext: {fsGroup: 2000}" + app, "", "runAsUser: 100\n", `"perms": "0640"`},
		{"the config's group", app, "fsGroup: 2000", "        fsGroup: 2000\n", `"perms": "0640"`},
		{"nobody known", app, "", "runAsUser: 100\n", `"perms": "0644"`},
		{"root", app + "  securityContext: {runAsUser: 0}", "", "runAsUser: 100\n", `"perms": "06`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := does(t, addVault, webSecret+c.config)
			src := serving("serviceAccountName: web\n" + c.spec)
			out, report := r.keeps(src)
			holds(t, out, c.user, c.perms)
			if open := strings.Contains(out, `"0644"`); open != strings.Contains(lines(report), "0644") {
				t.Errorf("files are open to all: %v; told:\n%s", open, lines(report))
			}
		})
	}
	src := serving("serviceAccountName: web\nsecurityContext: {runAsUser: 1000}" + app + "  securityContext: {runAsUser: 1000}\n- name: other\n  image: other\n  securityContext: {runAsUser: 2000}")
	spec := strings.Replace(webSecret, "web}]", "web, fileMode: \"0400\"}]", 1)
	does(t, addVault, spec).says(src, pod.Warning, pod.SecretUnreadable, "0400", "fsGroup")
}

func TestCase20_PodContextOfTheUserStays(t *testing.T) {
	src := serving("securityContext: {fsGroup: 3000} # policy" + app)
	does(t, addVault, webSecret+"fsGroup: 2000").says(src, pod.Error, pod.FieldConflict, "3000", "2000")
	for name, s := range sidecars() {
		if out, _ := does(t, s[0], s[1]).keeps(src); !strings.Contains(out, "securityContext: {fsGroup: 3000} # policy\n") {
			t.Errorf("%s changes the pod's security context:\n%s", name, out)
		}
	}
}

// The agent brings a token of its own, and nobody else sees it.
func TestCase21_OwnToken(t *testing.T) {
	for _, spec := range []string{"automountServiceAccountToken: false\n", "", "volumes:\n- name: token\n  projected: {sources: [{serviceAccountToken: {path: token}}]}\n"} {
		out, _ := does(t, addVault, webSecret+"auth: {kubernetes: {audience: vault, expirationSeconds: 1200}}").keeps(serving(runner + spec + app))
		holds(t, out, "audience: vault\n", "expirationSeconds: 1200\n")
		if spec == "automountServiceAccountToken: false\n" {
			holds(t, out, "      automountServiceAccountToken: false\n")
		}
		pod := podSpec(t, out)
		var volume string
		for _, v := range pod.Volumes {
			if v.Projected != nil && v.Projected.Sources[0].ServiceAccountToken.Audience == "vault" {
				volume = v.Name
			}
		}
		for _, m := range pod.Containers[0].VolumeMounts {
			if m.Name == volume {
				t.Errorf("the app sees the agent's token at %s", m.MountPath)
			}
		}
	}
}

func TestCase21_DefaultServiceAccount(t *testing.T) {
	for _, spec := range []string{"", "serviceAccountName: default\n"} {
		does(t, addVault, webSecret).says(serving(spec+app), pod.Warning, pod.ServiceAccountDefault, "serviceAccountName", "web")
	}
	for _, spec := range []string{"serviceAccountName: web\n", "serviceAccount: web\n"} {
		does(t, addVault, webSecret).silent(serving(spec+app), pod.ServiceAccountDefault)
	}
	approle := strings.Replace(webSecret, "role: web\n", "auth: {approle: {secret: web-approle}}\n", 1)
	out, report := does(t, addVault, approle).keeps(serving("securityContext: {runAsUser: 1000}" + app))
	does(t, addVault, approle).results(report, nil)
	if strings.Contains(out, "serviceAccountToken") {
		t.Errorf("a token of the service account is there that nobody needs:\n%s", out)
	}
}

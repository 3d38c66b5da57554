package guide_test

import (
	"encoding/base64"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// registry is the name that pods and this machine know the registry by.
const registry = "registry.example.com:7054"

// orasImage is as the official one: the tool, a shell, and authorities to trust.
func orasImage(authorities string) kube.Image {
	image := withShell("oras", map[string]string{"/bin/oras": kube.Program("oras")})
	image.Texts["/etc/ssl/certs/ca-certificates.crt"] = authorities
	return image
}

// known is an app whose pod knows the registry by its name.
func known(command string) string {
	return strings.Replace(app(command), "      containers:\n",
		"      hostAliases: [{ip: "+kube.NodeIP+", hostnames: [registry.example.com]}]\n      containers:\n", 1)
}

// TestFetchOCI: an artefact of a registry that asks for a password is there when
// the app starts.
func TestFetchOCI(t *testing.T) {
	authority := newAuthority(t)
	n := restricted(t, orasImage(authority.certificate))
	login := startRegistry(n, authority)
	push(t, authority, login, "models/tiny:3", map[string]string{"model.txt": "weights\n", "vocab/words.txt": "words\n"})
	n.Kubectl("create", "secret", "generic", "registry", "--type=kubernetes.io/dockerconfigjson", "--from-literal=.dockerconfigjson="+login)
	n.Apply(sidecars.Inject(t, config("AddInitContainer", `
fetch:
  oci: {reference: '`+registry+`/models/tiny:3', pullSecret: registry}
  into: {path: /models}
`), known(`cat /models/model.txt /models/vocab/words.txt; echo ours >>/models/model.txt && echo mine; `+idle)))
	pod := n.Ready("app=web")
	n.WaitForLog(n.Follow(pod, "app"), "weights\nwords\nmine\n")
	found.Found(t, "fetch: an artefact of a registry with a password, by oras", "its files are there when the app starts, and its own to change")
}

// TestFetchOCIRefused: without the password there is no artefact, and no app.
func TestFetchOCIRefused(t *testing.T) {
	authority := newAuthority(t)
	n := restricted(t, orasImage(authority.certificate))
	login := startRegistry(n, authority)
	push(t, authority, login, "models/tiny:3", map[string]string{"model.txt": "weights\n"})
	n.Apply(sidecars.Inject(t, config("AddInitContainer", `
fetch:
  oci: {reference: '`+registry+`/models/tiny:3'}
  into: {path: /models}
`), known(idle)))
	if message := failure(n, "fetch"); !strings.Contains(message, "basic credential not found") {
		t.Errorf("the pod's status says: %s", message)
	}
	found.Found(t, "fetch: the same without its Secret", "the app does not start; the pod's status says that the credential is missing")
}

// registryConf is a registry that keeps its blobs in a folder and lets in who has
// a password.
const registryConf = `version: 0.1
storage: {filesystem: {rootdirectory: DIR/blobs}}
http:
  addr: ` + kube.NodeIP + `:7054
  tls: {certificate: DIR/tls.crt, key: DIR/tls.key}
auth: {htpasswd: {realm: guide, path: DIR/htpasswd}}
`

// puller is a user with the password s3cret.
const puller = "puller:$2y$04$KmltU00QstKvqU4hehp..eRUJi4DqBBt.GPjOw1kNc35HVCNMDLG.\n"

// startRegistry runs a registry until the test ends, and returns the docker config
// that logs in to it.
func startRegistry(n *kube.Namespace, authority *authority) (login string) {
	t := n.T
	t.Helper()
	apps.Need(t, dockerRegistry)
	dir := t.TempDir()
	certificate, key := authority.issue(t, "registry.example.com")
	for name, text := range map[string]string{
		"tls.crt": certificate, "tls.key": key, "htpasswd": puller,
		"config.yml": strings.ReplaceAll(registryConf, "DIR", dir),
	} {
		box.Check(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	start(t, dockerRegistry, "serve", filepath.Join(dir, "config.yml"))
	n.WaitFor("a registry", func() error {
		connection, err := net.Dial("tcp", kube.NodeIP+":7054")
		if err != nil {
			return err
		}
		return connection.Close()
	})
	return `{"auths":{"` + registry + `":{"auth":"` + base64.StdEncoding.EncodeToString([]byte("puller:s3cret")) + `"}}}`
}

// push makes an artefact of files.
func push(t *testing.T, authority *authority, login, reference string, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	box.Check(t, os.WriteFile(filepath.Join(dir, "ca.crt"), []byte(authority.certificate), 0o600))
	box.Check(t, os.WriteFile(filepath.Join(dir, "config.json"), []byte(login), 0o600))
	args := []string{"push", "--ca-file=ca.crt", "--registry-config=config.json",
		"--resolve=" + registry + ":" + kube.NodeIP + ":7054", registry + "/" + reference}
	for name, text := range files {
		box.Check(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		box.Check(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
		args = append(args, name)
	}
	cmd := exec.Command(kube.Program("oras"), args...)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("oras push: %v\n%s", err, text)
	}
}

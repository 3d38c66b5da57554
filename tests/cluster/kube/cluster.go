package kube

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
)

// kubeconfig is the file of the state that kubectl and the parts connect with.
const kubeconfig = "kubeconfig"

// Cluster is a running Kubernetes, see [Main].
type Cluster struct {
	state  string // the folder of all files
	token  string // of the administrator
	http   *http.Client
	loaded map[string]Image // images, by their names
}

func newCluster(state string) (*Cluster, error) {
	c := &Cluster{state: state, token: rand.Text(), loaded: map[string]Image{}}
	return c, errors.Join(
		c.write("tokens.csv", c.token+",admin,1,system:masters\n"),
		c.write(kubeconfig, fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: c
contexts: [{name: c, context: {cluster: c, user: c}}]
clusters: [{name: c, cluster: {server: "https://%s", certificate-authority: apiserver.crt}}]
users: [{name: c, user: {token: %s}}]
`, APIAddress, c.token)))
}

// path is the path of a file of the state.
func (c *Cluster) path(name string) string { return filepath.Join(c.state, name) }

func (c *Cluster) write(name, text string) error {
	return os.WriteFile(c.path(name), []byte(text), 0o600)
}

// AccountKey is the public key that the tokens of service accounts are signed
// with, as PEM.
func (c *Cluster) AccountKey() string {
	text, err := os.ReadFile(c.path("accounts.pub"))
	if err != nil {
		return ""
	}
	return string(text)
}

// writeCredentials writes the keys of the tokens of service accounts.
func (c *Cluster) writeCredentials() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return err
	}
	return errors.Join(
		c.write("accounts.key", string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}))),
		c.write("accounts.pub", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))))
}

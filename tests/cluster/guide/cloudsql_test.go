package guide_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/apps"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// TestCloudSQLProxy: an app that starts behind the proxy finds its database at
// 127.0.0.1 at once. Google's API, and what listens in front of the database, are
// small servers that we wrote.
func TestCloudSQLProxy(t *testing.T) {
	own := kube.Busybox(appImage)
	own.User = "1000"
	own.Files["/bin/psql"] = postgres + "/psql"
	n := restricted(t, apps.Built("cloud-sql-proxy", "cloud-sql-proxy"))
	cluster.Image(t, own)
	startPostgres(t)
	google := &google{newAuthority(t)}
	listen(t, kube.NodeIP+":7056", google)
	google.front(t)
	n.Kubectl("create", "secret", "generic", "google", "--from-literal=key.json="+account(t))
	n.Apply(sidecars.Inject(t, config("AddProxySidecar", `
cloudSQL:
  instances:
  - name: shop:europe-west1:orders
    env: {host: PGHOST, port: PGPORT}
  privateIP: true
  credentials: {name: google, key: key.json}
  args: ['--sqladmin-api-endpoint=http://`+kube.NodeIP+`:7056']
`), app(`PGUSER=postgres PGPASSWORD=p@ss psql -Atc "SELECT 5"; `+idle)))
	pod := n.Ready("app=web")
	n.WaitForLog(n.Follow(pod, "app"), "5\n")
	found.Found(t, "cloudSQL: a PostgreSQL behind a small server that we wrote, as is the API of Google that it asks",
		"the app, which starts after the proxy, finds its database at 127.0.0.1 at the first try")
}

// account is the key of a service account, which gets its tokens from our server.
func account(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	box.Check(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	box.Check(t, err)
	text, err := json.Marshal(map[string]string{"type": "service_account", "project_id": "shop", "private_key_id": "1", "client_email": "web@shop.example.com",
		"private_key": inPEM("PRIVATE KEY", der), "token_uri": "http://" + kube.NodeIP + ":7056/token"})
	box.Check(t, err)
	return string(text)
}

// google knows of its APIs what the proxy asks for.
type google struct{ *authority }

func (g *google) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const orders = "/sql/v1beta4/projects/shop/instances/orders"
	w.Header().Set("Content-Type", "application/json")
	var answer any
	var err error
	switch authorized := strings.HasPrefix(r.Header.Get("Authorization"), "Bearer "); {
	case r.URL.Path == "/token":
		answer = map[string]any{"access_token": "t0ken", "token_type": "Bearer", "expires_in": 3600}
	case authorized && r.URL.Path == orders+"/connectSettings":
		answer = map[string]any{"region": "europe-west1", "backendType": "SECOND_GEN", "databaseVersion": "POSTGRES_15",
			"serverCaCert": map[string]string{"cert": g.certificate}, "ipAddresses": []map[string]string{{"type": "PRIVATE", "ipAddress": kube.NodeIP}}}
	case authorized && r.URL.Path == orders+":generateEphemeralCert":
		answer, err = g.ephemeral(r.Body)
	default:
		err = fmt.Errorf("no answer to %s %s", r.Method, r.URL)
	}
	if err != nil {
		fmt.Println("google:", err)
		w.WriteHeader(http.StatusNotFound)
		return
	}
	_ = json.NewEncoder(w).Encode(answer) // the proxy tells when it does not get it
}

// ephemeral is a certificate for the key that the proxy sends.
func (g *google) ephemeral(body io.Reader) (any, error) {
	var asked struct {
		Key string `json:"public_key"`
	}
	if err := json.NewDecoder(body).Decode(&asked); err != nil {
		return nil, err
	}
	block, _ := pem.Decode([]byte(asked.Key))
	if block == nil {
		return nil, fmt.Errorf("no key: %q", asked.Key)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	certificate, err := g.sign("web", key)
	return map[string]any{"ephemeralCert": map[string]string{"cert": certificate}}, err
}

// front listens where Google's databases do, for those with a certificate, and
// leads to the PostgreSQL at port 7023.
func (g *google) front(t *testing.T) {
	t.Helper()
	certificate, key := g.issue(t, "shop:orders")
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	box.Check(t, err)
	clients := x509.NewCertPool()
	clients.AddCert(g.x509)
	listener, err := tls.Listen("tcp", kube.NodeIP+":3307", &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: clients, ClientAuth: tls.RequireAndVerifyClientCert})
	box.Check(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return // the test has ended
			}
			go lead(connection, kube.NodeIP+":7023")
		}
	}()
}

// lead copies both ways until one side ends.
func lead(from net.Conn, address string) {
	defer from.Close()
	to, err := net.Dial("tcp", address)
	if err != nil {
		fmt.Println("front:", err)
		return
	}
	defer to.Close()
	go func() { _, _ = io.Copy(to, from) }() // ends with the other one
	_, _ = io.Copy(from, to)
}

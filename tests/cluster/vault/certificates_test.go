package vault_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

const host = "web.shop.svc"

// certificate is a config that has one issued for a while.
func certificate(mode, ttl string) string {
	return base + fmt.Sprintf(`  mode: %s
  secrets:
  - pki: {path: pki/issue/web, commonName: %s, ttl: %s}
`, mode, host, ttl)
}

const idle = "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done"

// TestCertificates: the app has a certificate of the authority before it starts,
// and the key in the file beside it is the certificate's.
func TestCertificates(t *testing.T) {
	for _, mode := range []string{"init", "init+sidecar", "native"} {
		t.Run(mode, func(t *testing.T) {
			n := newTenant(t)
			n.start(certificate(mode, "1h"), does("head -n1 /vault/secrets/tls.crt /vault/secrets/tls.key /vault/secrets/ca.crt || exit 1\n"+idle))
			pod := n.Ready("app=web")
			if _, err := n.certified(pod); err != nil {
				t.Error(err)
			}
			found.Found(t, "a certificate, mode "+mode, "there when the app starts; valid for its host name, signed by the authority beside it, and fits its key")
		})
	}
}

// TestCertificateRenewed: when a certificate is about to end there is another
// one, again with its own key.
func TestCertificateRenewed(t *testing.T) {
	for _, mode := range []string{"sidecar", "native"} {
		t.Run(mode, func(t *testing.T) {
			n := newTenant(t)
			n.start(certificate(mode, "15s"), does(idle))
			pod := n.Ready("app=web")
			var first *x509.Certificate
			n.WaitFor("the first certificate", func() (err error) {
				first, err = n.certified(pod)
				return err
			})
			n.WaitFor("another certificate", func() error {
				now, err := n.certified(pod)
				if err == nil && now.Equal(first) {
					err = errors.New("it is still the first")
				}
				return err
			})
			found.Found(t, "a certificate about to end, mode "+mode, "there is another, valid, with the key that fits")
		})
	}
}

// certified reads what the app has, and returns the certificate if it is valid
// and fits the key.
func (n tenant) certified(pod *corev1.Pod) (*x509.Certificate, error) {
	n.T.Helper()
	files := map[string][]byte{}
	for _, name := range []string{"tls.crt", "tls.key", "ca.crt"} {
		out := n.Exec(pod.Name, "app", "cat", "/vault/secrets/"+name)
		if out.Code != 0 {
			return nil, errors.New(out.Stderr)
		}
		files[name] = []byte(out.Stdout)
	}
	pair, err := tls.X509KeyPair(files["tls.crt"], files["tls.key"])
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(files["ca.crt"]) {
		return nil, errors.New("ca.crt holds no certificate")
	}
	_, err = pair.Leaf.Verify(x509.VerifyOptions{DNSName: host, Roots: roots})
	return pair.Leaf, err
}

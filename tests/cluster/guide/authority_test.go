package guide_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// authority issues certificates.
type authority struct {
	certificate string // in PEM
	x509        *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{key: newKey(t)}
	template := leaf("authority")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	box.Check(t, err)
	a.x509, err = x509.ParseCertificate(der)
	box.Check(t, err)
	a.certificate = inPEM("CERTIFICATE", der)
	return a
}

// issue returns a certificate for a name, and its key, in PEM.
func (a *authority) issue(t *testing.T, name string) (certificate, key string) {
	t.Helper()
	secret := newKey(t)
	certificate, err := a.sign(name, &secret.PublicKey)
	box.Check(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(secret)
	box.Check(t, err)
	return certificate, inPEM("PRIVATE KEY", private)
}

// sign returns a certificate for a name and the key of somebody else, in PEM.
func (a *authority) sign(name string, key any) (certificate string, err error) {
	der, err := x509.CreateCertificate(rand.Reader, leaf(name), a.x509, key, a.key)
	return inPEM("CERTIFICATE", der), err
}

// client trusts the authority, and has a certificate for a name if it has one.
func (a *authority) client(t *testing.T, name string) *http.Client {
	t.Helper()
	c := &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "web"}
	c.RootCAs.AddCert(a.x509)
	if name != "" {
		certificate, key := a.issue(t, name)
		pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
		box.Check(t, err)
		c.Certificates = []tls.Certificate{pair}
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: c, DisableKeepAlives: true}}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	box.Check(t, err)
	return key
}

func leaf(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
}

func inPEM(kind string, der []byte) string {
	var text bytes.Buffer
	_ = pem.Encode(&text, &pem.Block{Type: kind, Bytes: der}) // a buffer takes everything
	return text.String()
}

package vault

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
)

// Address is where pods find the server.
const Address = "https://" + kube.NodeIP + ":8200"

// rootToken may do everything.
const rootToken = "root"

// startLimit turns a server that never answers into a failure.
const startLimit = time.Minute

// Server is a Vault in dev mode, with a certificate of its own authority.
type Server struct {
	// Authority is the certificate of the one that signed the server's.
	Authority string
	http      *http.Client
}

// Start starts a server that knows accounts by the key of their tokens. It ends
// with the cluster.
func Start(key string) (*Server, error) {
	dir, err := os.MkdirTemp("/run", "") // goes with the mounts of the cluster
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(kube.Program("vault"), "server", "-dev", "-dev-no-store-token", "-dev-root-token-id="+rootToken,
		"-dev-listen-address="+kube.NodeIP+":8200", "-dev-tls", "-dev-tls-cert-dir="+dir, "-dev-tls-san="+kube.NodeIP)
	cmd.Env, cmd.Stdout, cmd.Stderr = []string{"HOME=" + dir}, log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting vault: %w", err)
	}
	s := &Server{}
	if err := s.ready(filepath.Join(dir, "vault-ca.pem")); err != nil {
		text, _ := os.ReadFile(log.Name()) // an empty one tells as much
		return nil, fmt.Errorf("starting vault: %w\n%s", err, text)
	}
	return s, s.furnish(key)
}

// ready waits until the server answers.
func (s *Server) ready(authority string) error {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	for {
		err := s.connect(authority)
		if err == nil {
			err = s.call(http.MethodGet, "sys/health", nil)
		}
		if err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// connect makes the client, once the server has written its authority.
func (s *Server) connect(authority string) error {
	text, err := os.ReadFile(authority)
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return errors.New(authority + " holds no certificate yet")
	}
	s.Authority, s.http = string(text), &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	return nil
}

// furnish lets service accounts log in, and makes an authority for certificates.
func (s *Server) furnish(key string) error {
	for _, w := range []struct {
		path string
		body map[string]any
	}{
		{"sys/auth/jwt", map[string]any{"type": "jwt"}},
		{"auth/jwt/config", map[string]any{"jwt_validation_pubkeys": key, "bound_issuer": "https://kubernetes.default.svc"}},
		{"sys/mounts/pki", map[string]any{"type": "pki"}},
		{"pki/root/generate/internal", map[string]any{"common_name": "authority of the test"}},
		{"pki/roles/web", map[string]any{"allow_any_name": true, "key_type": "ec", "key_bits": 256, "not_before_duration": "1s"}},
	} {
		if err := s.Write(w.path, w.body); err != nil {
			return err
		}
	}
	return nil
}

// Write writes something on the server.
func (s *Server) Write(path string, body map[string]any) error {
	return s.call(http.MethodPost, path, body)
}

// call asks the server, as the one who may do everything.
func (s *Server) call(method, path string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, Address+"/v1/"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("X-Vault-Token", rootToken)
	response, err := s.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %s %s", method, path, response.Status, answer)
	}
	return err
}

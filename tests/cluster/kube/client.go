package kube

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
)

// connect makes the client, once the API server has written its certificate.
func (c *Cluster) connect() error {
	authority, err := os.ReadFile(c.path("apiserver.crt"))
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		return errors.New("apiserver.crt holds no certificate yet")
	}
	c.http = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, MaxIdleConnsPerHost: 8}}
	return nil
}

// get reads an object, or anything else where into is nil.
func (c *Cluster) get(ctx context.Context, path string, into any) error {
	answer, err := c.do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if answer.Code != http.StatusOK {
		return fmt.Errorf("GET %s: %d %s", path, answer.Code, answer.Body)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer.Body, into)
}

// reply is what the API server says.
type reply struct {
	Code     int
	Body     []byte
	Warnings []string
}

func (c *Cluster) do(ctx context.Context, method, path string, body io.Reader) (*reply, error) {
	request, err := http.NewRequestWithContext(ctx, method, "https://"+APIAddress+path, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/yaml")
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return &reply{response.StatusCode, text, warnings(response.Header)}, err
}

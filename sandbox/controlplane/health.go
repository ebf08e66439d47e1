package controlplane

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"gatehouse/sandbox/process"
)

// Probe asks the parts how they are.
type Probe struct{ client *http.Client }

// NewProbe returns a probe that trusts only the sandbox's certificates and
// comes as its admin.
func (l Layout) NewProbe() (Probe, error) {
	certificate, err := tls.LoadX509KeyPair(l.crt(Admin), l.key(Admin))
	if err != nil {
		return Probe{}, fmt.Errorf("read the sandbox's certificates: %w", err)
	}
	authority, err := os.ReadFile(l.crt(caName))
	if err != nil {
		return Probe{}, fmt.Errorf("read the sandbox's certificates: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	return Probe{client: &http.Client{
		Timeout: 5 * time.Second,
		Transport: &http.Transport{ // without a proxy
			TLSClientConfig:   &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
			DisableKeepAlives: true,
		},
	}}, nil
}

// Healthy returns nil when the part on port says that it is ready to work.
func (p Probe) Healthy(ctx context.Context, part string, port int) error {
	path := map[string]string{Etcd: "/health", APIServer: "/readyz", ControllerManager: "/healthz", Scheduler: "/readyz"}[part]
	_, err := p.get(ctx, port, path)
	return err
}

// Version is what the API server on port says it is, such as v1.34.1.
func (p Probe) Version(ctx context.Context, port int) (string, error) {
	body, err := p.get(ctx, port, "/version")
	if err != nil {
		return "", fmt.Errorf("ask the API server for its version: %w", err)
	}
	var version struct{ GitVersion string }
	if err := json.Unmarshal(body, &version); err != nil {
		return "", fmt.Errorf("ask the API server for its version: %w", err)
	}
	return version.GitVersion, nil
}

func (p Probe) get(ctx context.Context, port int, path string) ([]byte, error) {
	return p.do(ctx, http.MethodGet, port, path, nil)
}

func (p Probe) do(ctx context.Context, method string, port int, path string, body io.Reader) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, "https://"+process.Address(port)+path, body)
	if err != nil {
		return nil, err
	}
	response, err := p.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s: %.200s", path, response.Status, strings.TrimSpace(string(answer)))
	}
	return answer, nil
}

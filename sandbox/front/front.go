// Package front is the sandbox's way in: nginx with TLS before the portal, as
// the ingress controller and the load balancer are in a real environment, and
// the certificates that it needs.
//
// What answers behind it is package portal; names are package names.
package front

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// The names of the server and of its ports.
const (
	Name = "nginx"
	// TLSPort is the port name of HTTPS, PlainPort that of the redirect to it,
	// StatusPort that of nginx's own figures, which only Prometheus asks for.
	TLSPort    = Name
	PlainPort  = "nginx-http"
	StatusPort = "nginx-status"
)

// Ports are the names of all ports.
func Ports() []string { return []string{TLSPort, PlainPort, StatusPort} }

// Find returns nginx's program. Errors that wrap [data.ErrNotInstalled] mean
// that this machine has none.
func Find() (string, error) {
	if path, err := exec.LookPath(Name); err == nil {
		return path, nil
	}
	const debian = "/usr/sbin/nginx" // not on the PATH of everybody
	if _, err := os.Stat(debian); err == nil {
		return debian, nil
	}
	return "", fmt.Errorf("find nginx: %w; install the package nginx-light", data.ErrNotInstalled)
}

// Server is nginx as a part of a sandbox. Hosts must not be empty.
func Server(c Config) (data.Server, error) {
	path, err := Find()
	if err != nil {
		return data.Server{}, err
	}
	return data.Server{
		Name: Name, Port: TLSPort, After: c.After,
		Prepare: func(context.Context) error { return c.Write(time.Now()) },
		Command: process.Command{
			Path: path, Args: []string{"-e", "stderr", "-p", c.Dir, "-c", c.file()}, Dir: c.Dir,
			Log: c.Log, Env: []string{configured(c)},
		},
		Healthy: c.Healthy,
	}, nil
}

// Healthy asks nginx for its own figures: that the portal behind it is unhealthy
// is not nginx's fault.
func (c Config) Healthy(ctx context.Context) error { return answers(ctx, c.Status, "/stub_status") }

// answers returns nil when a server on a port of loopback answers with 200.
func answers(ctx context.Context, port int, path string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+process.Address(port)+path, nil)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy for loopback
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, response.Status)
	}
	return nil
}

// Client returns an HTTP client that reaches hosts through nginx, whatever they
// resolve to, and trusts the authority in the PEM file ca alone.
func Client(ca, address string) (*http.Client, error) {
	text, err := os.ReadFile(filepath.Clean(ca))
	if err != nil {
		return nil, fmt.Errorf("read the sandbox's authority: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, errors.New("read the sandbox's authority: no certificate in " + ca)
	}
	return &http.Client{
		Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // whoever asks wants to see it
		},
		Transport: &http.Transport{
			DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots},
			DialContext: dialer(address),
		},
	}, nil
}

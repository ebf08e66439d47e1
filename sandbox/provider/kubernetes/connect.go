package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"gatehouse/sandbox/controlplane"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// restConfig reads the kubeconfig and makes sure, before anything is sent,
// that it leads to an API server on this machine and runs no program to log
// in. It also gives the namespace that the kubeconfig's context names.
//
// Nothing else is consulted: not $KUBECONFIG, not ~/.kube/config, not the
// account of a pod that this may run in.
func restConfig(s settings) (*rest.Config, string, error) {
	raw, err := kubeconfigBytes(s.kubeconfig)
	if err != nil {
		return nil, "", err
	}
	config, err := clientcmd.Load(raw)
	if err != nil {
		return nil, "", fmt.Errorf("read kubeconfig: %w", err)
	}
	if err := inspect(config, s); err != nil {
		return nil, "", err
	}
	overrides := &clientcmd.ConfigOverrides{CurrentContext: s.context}
	overrides.Context.Cluster = s.cluster
	client := clientcmd.NewNonInteractiveClientConfig(*config, s.context, overrides, nil)
	out, err := client.ClientConfig()
	if err != nil {
		return nil, "", fmt.Errorf("read kubeconfig: %w", err)
	}
	// What the client library made of it is judged once more: it is what will
	// be dialled.
	if err := loopbackServer(out.Host); err != nil {
		return nil, "", err
	}
	if out.ExecProvider != nil || out.AuthProvider != nil {
		return nil, "", errors.New("kubeconfig logs in through a program; the sandbox's does not")
	}
	namespace, _, err := client.Namespace()
	if err != nil {
		return nil, "", fmt.Errorf("read kubeconfig: %w", err)
	}
	out.Dial = dialLoopback
	out.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	return out, namespace, nil
}

// kubeconfigBytes takes contents, or the path of a file.
func kubeconfigBytes(given string) ([]byte, error) {
	raw := []byte(given)
	if !strings.Contains(given, "apiVersion") && !strings.Contains(given, "\n") {
		var err error
		if raw, err = os.ReadFile(given); err != nil {
			return nil, fmt.Errorf("read kubeconfig: %w", err)
		}
	}
	return raw, nil
}

// inspect refuses a kubeconfig that is not the sandbox's, and one whose cluster
// or user could lead off this machine or run a program. Loopback alone says
// little: the near end of a tunnel to a real cluster is on loopback too.
func inspect(config *api.Config, s settings) error {
	name := s.context
	if name == "" {
		name = config.CurrentContext
	}
	if name != controlplane.Context {
		return fmt.Errorf("kubeconfig's context %q is not the sandbox's (%s); print the sandbox's kubeconfig with gatehouse sandbox env",
			name, controlplane.Context)
	}
	chosen, ok := config.Contexts[name]
	if !ok {
		return fmt.Errorf("kubeconfig has no context %q", name)
	}
	clusterName := chosen.Cluster
	if s.cluster != "" {
		clusterName = s.cluster
	}
	cluster, ok := config.Clusters[clusterName]
	if !ok {
		return fmt.Errorf("kubeconfig has no cluster %q", clusterName)
	}
	if err := loopbackServer(cluster.Server); err != nil {
		return err
	}
	if cluster.ProxyURL != "" {
		return fmt.Errorf("kubeconfig's cluster %q goes through a proxy; the sandbox's does not", clusterName)
	}
	if user, ok := config.AuthInfos[chosen.AuthInfo]; ok && (user.Exec != nil || user.AuthProvider != nil) {
		return fmt.Errorf("kubeconfig's user %q logs in through a program; the sandbox's does not", chosen.AuthInfo)
	}
	return nil
}

// loopbackServer accepts only https on a loopback IP or localhost.
func loopbackServer(server string) error {
	address, err := url.Parse(server)
	if err != nil {
		return fmt.Errorf("read the kubeconfig's server: %w", err)
	}
	host := address.Hostname()
	ip := net.ParseIP(host)
	local := host == "localhost" || (ip != nil && ip.IsLoopback())
	if address.Scheme != "https" || address.User != nil || !local {
		return fmt.Errorf("kubeconfig's server %s is not the sandbox: only https on a loopback address is served", address.Redacted())
	}
	return nil
}

// dialLoopback judges the address that is really dialled, after names were
// looked up and redirects followed.
func dialLoopback(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{
		Timeout: 5 * time.Second,
		Control: func(_, address string, _ syscall.RawConn) error {
			host, _, err := net.SplitHostPort(address)
			if err != nil {
				return err
			}
			if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
				return fmt.Errorf("refuse to dial %s: not a loopback address", address)
			}
			return nil
		},
	}
	return dialer.DialContext(ctx, network, address)
}

package controlplane

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// Users of the API server that have a kubeconfig.
const (
	// Admin is in the group system:masters, and whom people and tests work as.
	Admin             = "admin"
	controllerManager = "controller-manager"
	scheduler         = "scheduler"
)

// Context is the name of the one context in a kubeconfig of the sandbox.
const Context = "gatehouse-sandbox"

// Kubeconfig is the path of a user's kubeconfig. The admin's is the one that
// people are shown.
func (l Layout) Kubeconfig(user string) string {
	if user == Admin {
		return filepath.Join(l.Dir, "kubeconfig")
	}
	return filepath.Join(l.Dir, user+".kubeconfig")
}

// WriteKubeconfigs writes the kubeconfig of every user for the API server on
// port, with the certificates inside, mode 0600.
func (l Layout) WriteKubeconfigs(port int) error {
	authority, err := os.ReadFile(l.crt(caName))
	if err != nil {
		return fmt.Errorf("write kubeconfig: %w", err)
	}
	for _, user := range users() {
		certificate, err := os.ReadFile(l.crt(user.name))
		if err != nil {
			return fmt.Errorf("write kubeconfig: %w", err)
		}
		private, err := os.ReadFile(l.key(user.name))
		if err != nil {
			return fmt.Errorf("write kubeconfig: %w", err)
		}
		config := clientcmdapi.NewConfig()
		config.Clusters[Context] = &clientcmdapi.Cluster{Server: Server(port), CertificateAuthorityData: authority}
		config.AuthInfos[user.name] = &clientcmdapi.AuthInfo{ClientCertificateData: certificate, ClientKeyData: private}
		config.Contexts[Context] = &clientcmdapi.Context{Cluster: Context, AuthInfo: user.name}
		config.CurrentContext = Context
		text, err := clientcmd.Write(*config)
		if err != nil {
			return fmt.Errorf("write kubeconfig: %w", err)
		}
		if err := renameio.WriteFile(l.Kubeconfig(user.name), text, 0o600); err != nil {
			return fmt.Errorf("write kubeconfig: %w", err)
		}
	}
	return nil
}

package cluster

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	clientcmd "k8s.io/client-go/tools/clientcmd/api/v1"
)

// Kubeconfig renders a kubeconfig of the cluster. It holds no secret: whoever
// uses it authenticates by `aws eks get-token` with their own credentials.
func (c *Cluster) Kubeconfig(region string) pulumi.StringOutput {
	return pulumi.All(c.Name, c.Endpoint, c.CertificateAuthority).ApplyT(func(known []any) (string, error) {
		return kubeconfig(region, known[0].(string), known[1].(string), known[2].(string))
	}).(pulumi.StringOutput)
}

// kubeconfig takes the certificate authority as EKS gives it, in base64.
func kubeconfig(region, name, endpoint, authority string) (string, error) {
	certificates, err := base64.StdEncoding.DecodeString(authority)
	if err != nil {
		return "", fmt.Errorf("read the cluster's certificate authority: %w", err)
	}
	config := clientcmd.Config{
		APIVersion: "v1", Kind: "Config", CurrentContext: name,
		Clusters: []clientcmd.NamedCluster{{Name: name, Cluster: clientcmd.Cluster{
			Server: endpoint, CertificateAuthorityData: certificates,
		}}},
		Contexts: []clientcmd.NamedContext{{Name: name, Context: clientcmd.Context{Cluster: name, AuthInfo: name}}},
		AuthInfos: []clientcmd.NamedAuthInfo{{Name: name, AuthInfo: clientcmd.AuthInfo{Exec: &clientcmd.ExecConfig{
			APIVersion:      "client.authentication.k8s.io/v1beta1",
			Command:         "aws",
			Args:            []string{"eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"},
			InteractiveMode: clientcmd.NeverExecInteractiveMode,
		}}}},
	}
	text, err := json.Marshal(config)
	if err != nil {
		return "", fmt.Errorf("render kubeconfig: %w", err)
	}
	return string(text), nil
}

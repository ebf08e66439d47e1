package cluster

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd"
)

func TestKubeconfigIsReadByKubernetes(t *testing.T) {
	authority := base64.StdEncoding.EncodeToString([]byte("certificate"))
	text, err := kubeconfig("us-west-2", "c", "https://example.com", authority)
	require.NoError(t, err)

	loaded, err := clientcmd.Load([]byte(text))
	require.NoError(t, err)
	used := loaded.Contexts[loaded.CurrentContext]
	require.Equal(t, "https://example.com", loaded.Clusters[used.Cluster].Server)
	require.Equal(t, "certificate", string(loaded.Clusters[used.Cluster].CertificateAuthorityData))
	user := loaded.AuthInfos[used.AuthInfo]
	require.Equal(t, "aws", user.Exec.Command)
	require.Equal(t, []string{"eks", "get-token", "--cluster-name", "c", "--region", "us-west-2", "--output", "json"}, user.Exec.Args)
	require.Empty(t, user.Token)
	require.Empty(t, user.ClientKeyData)
}

func TestKubeconfigRefusesABrokenAuthority(t *testing.T) {
	_, err := kubeconfig("us-west-2", "c", "https://example.com", "not base64!")
	require.ErrorContains(t, err, "read the cluster's certificate authority")
}

func TestIssuerIsNamedOrRefused(t *testing.T) {
	_, err := issuer(nil)
	require.ErrorContains(t, err, "no OpenID Connect issuer")
}

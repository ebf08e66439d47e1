package sandbox

import (
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/internal/engine"
	"gatehouse/test/suite"
)

func kill(t *testing.T, pid int) {
	t.Helper()
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
}

// TestNothingOfTheUsersIsReached sets up what a user may have around: profiles,
// endpoints, proxies and a cluster, all of them at an address that counts who
// comes. Nobody may.
func TestNothingOfTheUsersIsReached(t *testing.T) {
	p := suite.New(t)
	visitors := trap(t)
	kubeconfig := filepath.Join(t.TempDir(), "config")
	require.NoError(t, os.WriteFile(kubeconfig, []byte(`{"apiVersion":"v1","kind":"Config","current-context":"real",
"contexts":[{"name":"real","context":{"cluster":"real","user":"real"}}],"users":[{"name":"real","user":{"token":"real"}}],
"clusters":[{"name":"real","cluster":{"server":"http://`+visitors.address+`"}}]}`), 0o600))
	credentials := filepath.Join(t.TempDir(), "credentials")
	require.NoError(t, os.WriteFile(credentials, []byte("[default]\naws_access_key_id=AKIAREAL\naws_secret_access_key=real\nendpoint_url=http://"+visitors.address+"\n"), 0o600))
	elsewhere := "http://" + visitors.address
	p.Env = []string{
		"KUBECONFIG=" + kubeconfig, "AWS_SHARED_CREDENTIALS_FILE=" + credentials, "AWS_CONFIG_FILE=" + credentials,
		"AWS_PROFILE=default", "AWS_ENDPOINT_URL=" + elsewhere, "AWS_ENDPOINT_URL_KMS=" + elsewhere, "AWS_ENDPOINT_URL_S3=" + elsewhere,
		"HTTP_PROXY=" + elsewhere, "HTTPS_PROXY=" + elsewhere, "ALL_PROXY=" + elsewhere, "NO_PROXY=",
		"PULUMI_BACKEND_URL=" + elsewhere, "PULUMI_API=" + elsewhere, "PULUMI_ACCESS_TOKEN=real",
	}
	up := p.Operate(t, 0, engine.Up, "staging", "--layer", "foundation")
	require.Positive(t, up.Layers["foundation"])
	require.Zero(t, visitors.count.Load(), "something reached out to what belongs to the user")
}

func TestRealEndpointsAreRefused(t *testing.T) {
	p := suite.New(t)
	for _, endpoint := range []string{
		"https://kms.us-west-2.amazonaws.com", "http://10.0.0.1:4566", "http://localhost.example.com:4566", "http://127.0.0.1@example.com",
	} {
		code, _, stderr := p.Run(t, "up", "-s", "staging", "--sandbox", "--aws-endpoint", endpoint)
		require.Equal(t, 2, code, endpoint)
		require.Contains(t, stderr, "loopback", endpoint)
	}
}

// TestProductionStandsBesideStaging brings both up in one project.
func TestProductionStandsBesideStaging(t *testing.T) {
	p := suite.New(t)
	p.Operate(t, 0, engine.Up, "staging", "--layer", "foundation")
	staging := inventory(t, p.AWS(t, "staging"))

	production := p.Operate(t, 0, engine.Up, "production")
	require.Positive(t, production.Layers["platform"])
	held := inventory(t, p.AWS(t, "production"))
	require.Equal(t, []string{"gatehouse-production-postgres", "gatehouse-production-postgres-replica-1", "gatehouse-production-postgres-replica-2"}, held["database"])
	require.Len(t, held["nat gateway"], 3)

	objects := declared(t, p, "production")
	requireAccepted(t, p, "production", objects)
	requireComplete(t, objects)
	requireJudged(t, p, "production")

	require.Equal(t, staging, inventory(t, p.AWS(t, "staging")), "staging is as it was")
	require.Equal(t, []string{"same"}, keysOf(p.Operate(t, 0, engine.Up, "production").ChangeSummary))
}

// listener counts who connects.
type listener struct {
	address string
	count   atomic.Int32
}

func trap(t *testing.T) *listener {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l := &listener{address: socket.Addr().String()}
	go func() {
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			l.count.Add(1)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = socket.Close() })
	return l
}

package sandbox

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/stretchr/testify/require"

	"gatehouse/internal/engine"
	"gatehouse/sandbox/sandboxtest"
	"gatehouse/test/suite"
)

// TestKilledUpIsTakenUpAgain kills gatehouse with SIGKILL in the middle of an
// up, and wants the next one to finish it: nothing twice, nothing lost.
func TestKilledUpIsTakenUpAgain(t *testing.T) {
	p := suite.New(t)
	code, _, stderr := p.Run(t, "sandbox", "up")
	require.Equal(t, 0, code, stderr)
	config := p.AWS(t, "staging")

	victim := p.Command("up", "-s", "staging", "--sandbox", "--layer", "network")
	require.NoError(t, victim.Start())
	suite.Eventually(t, "the first keys", func(ctx context.Context) bool {
		keys, err := kms.NewFromConfig(config).ListKeys(ctx, &kms.ListKeysInput{})
		return err == nil && len(keys.Keys) >= 3
	})
	require.NoError(t, victim.Process.Kill())
	require.Error(t, victim.Wait())

	p.Operate(t, 0, engine.Up, "staging", "--layer", "network")
	held := inventory(t, config)
	require.Len(t, held["vpc"], 1)
	require.Len(t, held["key"], 10)
	require.Len(t, held["bucket"], 4)
	requireOnce(t, held)
	require.Empty(t, p.Operate(t, 0, engine.Refresh, "staging", "--layer", "network").Changes)
}

// TestFailingEmulator wants an error that names the resource when the emulator
// answers 500, and the next up to go on from there.
func TestFailingEmulator(t *testing.T) {
	p := suite.New(t)
	endpoint, _ := sandboxtest.OwnAWS(t)
	real, err := url.Parse(endpoint)
	require.NoError(t, err)
	var failing atomic.Bool
	failing.Store(true)
	forward := httputil.NewSingleHostReverseProxy(real)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		if failing.Load() && strings.Contains(string(body), "Action=CreateNatGateway") {
			http.Error(w, "broken on purpose", http.StatusInternalServerError)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)

	up := []string{"up", "-s", "staging", "--sandbox", "--layer", "network", "--aws-endpoint", proxy.URL}
	code, _, stderr := p.Run(t, up...)
	require.Equal(t, 2, code)
	require.Contains(t, stderr, "(aws:ec2/natGateway:NatGateway): create gatehouse-staging-network-nat")
	require.Contains(t, stderr, "ec2:CreateNatGateway")

	failing.Store(false)
	code, _, stderr = p.Run(t, up...)
	require.Equal(t, 0, code, stderr)
	held := inventory(t, suite.AWSAt(real.String()))
	require.Len(t, held["nat gateway"], 1)
	requireOnce(t, held)
}

// TestBrokenSandboxIsMended kills the emulator, which forgets everything with
// it, and wants the next up to make everything again.
func TestBrokenSandboxIsMended(t *testing.T) {
	p := suite.New(t)
	p.Operate(t, 0, engine.Up, "staging", "--layer", "foundation")
	for _, part := range p.Status(t, "staging").Parts {
		if part.Name == "aws" {
			kill(t, part.PID)
		}
	}
	p.Operate(t, 0, engine.Up, "staging", "--layer", "foundation")
	held := inventory(t, p.AWS(t, "staging"))
	require.Len(t, held["key"], 10)
	require.Len(t, held["bucket"], 4)
	requireOnce(t, held)
}

package analyzer_test

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"

	"gatehouse/policies/analyzer"
)

// The port comes first and at once; the rules are compiled behind it.
func TestServeWritesThePortFirst(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- analyzer.Serve(ctx, analyzer.Options{Dir: t.TempDir(), Now: time.Now}, writer) }()
	line := make([]byte, 16)
	n, err := reader.Read(line)
	require.NoError(t, err)
	conn, err := grpc.NewClient("127.0.0.1:"+strings.TrimSpace(string(line[:n])), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	_, err = pulumirpc.NewAnalyzerClient(conn).GetPluginInfo(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	cancel()
	require.NoError(t, <-done)
}

// An engine that was killed ends nobody.
func TestItEndsWithItsEngine(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	engine := grpc.NewServer() // it need not know what it is asked
	go func() { _ = engine.Serve(listener) }()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() {
		done <- analyzer.Main(t.Context(), []string{"--tracing", "http://127.0.0.1:1", listener.Addr().String(), "."}, writer)
	}()
	_, err = reader.Read(make([]byte, 16))
	require.NoError(t, err)
	engine.Stop()
	select {
	case err := <-done:
		require.NoError(t, err)
	case <-time.After(time.Minute):
		t.Fatal("it serves on")
	}
}

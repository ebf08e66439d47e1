package provider

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// serveInChild makes the test binary a plugin, for tests that need one in a
// process of its own.
const serveInChild = "GATEHOUSE_TEST_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(serveInChild) != "" {
		if err := Serve(context.Background(), &small{}); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// small is a provider that knows its version and nothing else.
type small struct{ plugin.UnimplementedProvider }

func (small) Close() error                             { return nil }
func (small) SignalCancellation(context.Context) error { return nil }
func (small) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	version := semver.MustParse("1.2.3")
	return plugin.PluginInfo{Version: &version}, nil
}

func version(t *testing.T, address string) (string, error) {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	defer conn.Close()
	info, err := pulumirpc.NewResourceProviderClient(conn).GetPluginInfo(t.Context(), &emptypb.Empty{})
	return info.GetVersion(), err
}

func firstLine(t *testing.T, r io.Reader) string {
	t.Helper()
	line, err := bufio.NewReader(r).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(line)
}

func TestServe(t *testing.T) {
	for name, end := range map[string]func(cancel context.CancelFunc, parent *atomic.Int64){
		"ends with its context": func(cancel context.CancelFunc, _ *atomic.Int64) { cancel() },
		"ends with its engine":  func(_ context.CancelFunc, parent *atomic.Int64) { parent.Store(1) },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var parent atomic.Int64
			parent.Store(42)
			read, write := io.Pipe()
			done := make(chan error, 1)
			go func() {
				done <- serve(ctx, &small{}, write, func() int { return int(parent.Load()) })
			}()
			address := net.JoinHostPort("127.0.0.1", firstLine(t, read))
			got, err := version(t, address)
			require.NoError(t, err)
			require.Equal(t, "1.2.3", got)
			end(cancel, &parent)
			select {
			case err := <-done:
				require.NoError(t, err)
			case <-time.After(10 * time.Second):
				t.Fatal("it serves on")
			}
		})
	}
}

// TestKilledEngineLeavesNoPlugin kills the process that started a plugin in the
// only way that it cannot see coming.
func TestKilledEngineLeavesNoPlugin(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	// The shell plays the engine: it starts the plugin and stays.
	engine := exec.Command("sh", "-c", `"$0" & wait`, self)
	engine.Env = append(os.Environ(), serveInChild+"=1")
	out, err := engine.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, engine.Start())
	port := firstLine(t, out)
	_, err = version(t, net.JoinHostPort("127.0.0.1", port))
	require.NoError(t, err)

	require.NoError(t, engine.Process.Signal(syscall.SIGKILL))
	_ = engine.Wait()
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", port))
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, 10*time.Second, 50*time.Millisecond, "the plugin outlives its engine")
}

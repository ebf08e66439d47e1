package analyzer

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// The environment variables by which gatehouse itself tells the analyzer, which
// the engine starts, what it wants.
const (
	// TrailVariable names the file of Options.Trail.
	TrailVariable = "GATEHOUSE_POLICY_TRAIL"
	// ObserveVariable is not empty for Options.Observe.
	ObserveVariable = "GATEHOUSE_POLICY_OBSERVE"
)

// orphanCheck is how often the analyzer asks whether its engine still lives. The
// engine ends its plugins itself; this is for one that was killed and could not.
const orphanCheck = 2 * time.Second

// Main serves the pack to the engine that started this process. args are what the
// engine puts on its command line: flags when it traces, its address, a folder.
// Without an address, as when a person starts it, it serves until the context ends.
func Main(ctx context.Context, args []string, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if engine := address(args); engine != "" {
		if err := rpcutil.Healthcheck(ctx, engine, orphanCheck, cancel); err != nil {
			return fmt.Errorf("find the engine: %w", err)
		}
	}
	o := Options{
		Dir: workDir(), Trail: os.Getenv(TrailVariable), Observe: os.Getenv(ObserveVariable) != "", Now: time.Now,
	}
	return Serve(ctx, o, out)
}

// address is the engine's, HOST:PORT, behind its flags; "" for none.
func address(args []string) string {
	for _, arg := range slices.Backward(args) {
		if _, _, err := net.SplitHostPort(arg); err == nil {
			return arg
		}
	}
	return ""
}

// Serve listens on loopback, writes the port as the first line, and serves until
// the context ends or the engine closes the process.
func Serve(ctx context.Context, o Options, out io.Writer) error {
	cancel := make(chan bool)
	go func() { <-ctx.Done(); close(cancel) }()
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterAnalyzerServer(server, New(o))
			return nil
		},
		Options: rpcutil.TracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return fmt.Errorf("serve the policy pack: %w", err)
	}
	if _, err := fmt.Fprintln(out, handle.Port); err != nil {
		return fmt.Errorf("write the port: %w", err)
	}
	if err := <-handle.Done; err != nil {
		return fmt.Errorf("serve the policy pack: %w", err)
	}
	return nil
}

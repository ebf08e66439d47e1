package analyzer

import (
	"context"
	"fmt"
	"io"
	"os"
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

// Main serves the pack to the engine that started this process. What the engine
// puts on its command line (an address, a folder, flags when it traces) is not
// needed.
func Main(ctx context.Context, out io.Writer) error {
	o := Options{
		Dir: workDir(), Trail: os.Getenv(TrailVariable), Observe: os.Getenv(ObserveVariable) != "", Now: time.Now,
	}
	return Serve(ctx, o, out)
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

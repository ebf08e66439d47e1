// Package provider serves the sandbox's stand-ins for Pulumi provider plugins
// to the Pulumi engine, and puts launchers for them on the engine's PATH when
// the official plugins are not installed.
//
// The stand-ins themselves live in the packages below (aws, kubernetes). They
// are test equipment: nothing outside the sandbox depends on them.
package provider

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// orphanCheck is how often a served stand-in asks whether its engine still
// lives. The engine ends its plugins itself; this is for an engine that was
// killed and could not.
const orphanCheck = 500 * time.Millisecond

// Serve serves p to the engine on a free loopback port, prints that port as
// the first line on standard output, as the engine expects, and returns when
// ctx ends or the process that started this one is gone.
func Serve(ctx context.Context, p plugin.Provider) error {
	return serve(ctx, p, os.Stdout, os.Getppid)
}

func serve(ctx context.Context, p plugin.Provider, out io.Writer, parent func() int) error {
	engine := parent()
	stop := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(s *grpc.Server) error {
			pulumirpc.RegisterResourceProviderServer(s, plugin.NewProviderServer(p))
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("serve provider: %w", err)
	}
	if _, err := fmt.Fprintln(out, handle.Port); err != nil {
		return fmt.Errorf("tell the engine the provider's port: %w", err)
	}

	tick := time.NewTicker(orphanCheck)
	defer tick.Stop()
	for {
		select {
		case err := <-handle.Done:
			return err
		case <-ctx.Done():
			// Calls in progress are told to stop; what they leave half-done,
			// the engine has in its journal.
			_ = p.SignalCancellation(context.WithoutCancel(ctx))
			close(stop)
			return <-handle.Done
		case <-tick.C:
			// A process whose parent dies is given to another one. Nobody is
			// left to answer to, so calls in progress are not waited for.
			if parent() != engine {
				return nil
			}
		}
	}
}

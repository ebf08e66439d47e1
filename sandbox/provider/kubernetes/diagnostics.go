package kubernetes

import (
	"context"
	"fmt"
	"os"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// warningCode is the only HTTP warning code that Kubernetes uses.
const warningCode = 299

// diagnostics passes the API server's warnings on to the engine, each text
// once a run, beside the resource that caused it first. It is a client-go
// warning handler.
type diagnostics struct {
	mu       sync.Mutex
	engine   *grpc.ClientConn
	seen     map[string]bool
	suppress bool
}

func newDiagnostics() *diagnostics { return &diagnostics{seen: map[string]bool{}} }

// connect replaces the engine that warnings go to. Without one they go to
// standard error.
func (d *diagnostics) connect(address string) error {
	if address == "" {
		return nil
	}
	engine, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("connect to the engine at %s: %w", address, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.engine != nil {
		_ = d.engine.Close()
	}
	d.engine = engine
	return nil
}

func (d *diagnostics) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.engine == nil {
		return nil
	}
	err := d.engine.Close()
	d.engine = nil
	return err
}

// HandleWarningHeaderWithContext implements client-go's warning handler.
func (d *diagnostics) HandleWarningHeaderWithContext(ctx context.Context, code int, _, text string) {
	if code != warningCode || text == "" {
		return
	}
	d.mu.Lock()
	known, engine := d.seen[text] || d.suppress, d.engine
	d.seen[text] = true
	d.mu.Unlock()
	if known {
		return
	}
	urn, _ := ctx.Value(resourceKey{}).(resource.URN)
	if engine != nil {
		_, err := pulumirpc.NewEngineClient(engine).Log(ctx, &pulumirpc.LogRequest{
			Severity: pulumirpc.LogSeverity_WARNING, Urn: string(urn), Message: text,
		})
		if err == nil {
			return
		}
	}
	fmt.Fprintf(os.Stderr, "warning: %s: %s\n", urn.Name(), text)
}

type resourceKey struct{}

func withResource(ctx context.Context, urn resource.URN) context.Context {
	return context.WithValue(ctx, resourceKey{}, urn)
}

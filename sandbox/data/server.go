package data

import (
	"context"

	"gatehouse/sandbox/process"
)

// Server is one server of a sandbox, as data: how it is made, started, asked and
// finished. Prepare and Settle are safe to repeat.
type Server struct {
	// Name is unique in a sandbox: "postgres", "redis-3".
	Name string
	// After names the servers that must be ready first.
	After []string
	// Port is the name of its port among the sandbox's ports; usually Name.
	Port string
	// Prepare makes its folder and files, before the start; may be nil.
	Prepare func(ctx context.Context) error
	// Command starts it.
	Command process.Command
	// Healthy returns nil when it is ready for work.
	Healthy func(ctx context.Context) error
	// Settle finishes it once it is healthy: logins, schema, joining a cluster;
	// may be nil.
	Settle func(ctx context.Context) error
}

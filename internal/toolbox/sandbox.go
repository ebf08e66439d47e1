package toolbox

import (
	"context"
	"fmt"
	"os"

	"gatehouse/sandbox"
	"gatehouse/sandbox/emulator"
)

// Sandbox returns the programs of a sandbox, and builds or installs what is
// missing. The emulator is left out when the caller brings one of its own.
func Sandbox(ctx context.Context, root string, ownEmulator bool, progress Progress) (sandbox.Tools, error) {
	var tools sandbox.Tools
	var err error
	if tools.Gatehouse, err = os.Executable(); err != nil {
		return tools, fmt.Errorf("find the gatehouse binary: %w", err)
	}
	if tools.ControlPlane, err = Ensure(ctx, root, ControlPlane, progress); err != nil {
		return tools, err
	}
	if tools.StateMetrics, err = Ensure(ctx, root, StateMetrics, progress); err != nil {
		return tools, err
	}
	if tools.CRDs, err = CRDs(ctx, root, progress); err != nil {
		return tools, err
	}
	if !ownEmulator {
		return tools, nil
	}
	cache, err := CacheDir()
	if err != nil {
		return tools, err
	}
	tools.Emulator, err = emulator.Find(ctx, cache, progress)
	return tools, err
}

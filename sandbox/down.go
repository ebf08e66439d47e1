package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"gatehouse/sandbox/node"
	"gatehouse/sandbox/process"

	"golang.org/x/sync/errgroup"
)

// downGrace is short: what a part would write on its way out is removed anyway.
const downGrace = time.Second

// Down ends every process of the sandbox and removes its data. It is safe to
// repeat, and works with a damaged state too.
func (s *Sandbox) Down(ctx context.Context) error {
	err := s.exclusively(ctx, func() error {
		state, err := s.load()
		if err != nil && !errors.Is(err, errDamaged) {
			return err
		}
		var group errgroup.Group // all at once: nothing needs to be written down in order
		for name, part := range state.Parts {
			group.Go(func() error {
				if err := part.Stop(ctx, downGrace); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		strays := append(process.Marked(mark+"="+s.dir), node.Processes(s.pods())...)
		for _, stray := range strays {
			if err := stray.Stop(ctx, downGrace); err != nil {
				return err
			}
		}
		return os.RemoveAll(s.dir)
	})
	if err != nil {
		return fmt.Errorf("stop the sandbox: %w", err)
	}
	return nil
}

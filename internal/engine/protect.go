package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gatehouse/stacks"
)

// ErrProtected says that an environment holds protected resources and that
// nobody asked for them to be deleted.
var ErrProtected = errors.New("protected resources")

// unprotect refuses to go on when the stack holds protected resources, or, when
// asked, runs the program once with protection off: that unprotects them both
// in Pulumi's state and in AWS (deletion protection).
func (w *environment) unprotect(ctx context.Context, o Options) error {
	names, err := w.protected(ctx)
	if err != nil || len(names) == 0 {
		return err
	}
	if !o.Unprotect {
		const most = 8
		more := ""
		if len(names) > most {
			more = fmt.Sprintf("\n  … and %d more", len(names)-most)
			names = names[:most]
		}
		return fmt.Errorf("%w of %s would be lost:\n  %s%s\nrun `gatehouse destroy -s %s --unprotect` if that is what you want", ErrProtected, o.Stack, strings.Join(names, "\n  "), more, o.Stack)
	}
	w.program = stacks.In(o.Root, stacks.DeployUnprotected)
	defer func() { w.program = stacks.In(o.Root, stacks.Deploy) }()
	o.Notice("taking protection off first")
	o.Layer = ""
	if _, err := w.run(ctx, Up, o, w.refreshFirst); err != nil {
		return fmt.Errorf("take protection off: %w", err)
	}
	return nil
}

// protected returns the names of the protected resources.
func (w *environment) protected(ctx context.Context) ([]string, error) {
	state, err := w.stack.Export(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the state: %w", shorten(err))
	}
	deployment := struct {
		Resources []struct {
			URN, Type string
			Protect   bool
		}
	}{}
	if err := json.Unmarshal(state.Deployment, &deployment); err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	var names []string
	for _, r := range deployment.Resources {
		if r.Protect {
			names = append(names, nameOf(r.URN)+" ("+r.Type+")")
		}
	}
	return names, nil
}

package portal

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"golang.org/x/sync/errgroup"

	"gatehouse/sandbox/front/names"
)

// Run is the portal and its names until ctx ends. It returns ctx's error then.
func Run(ctx context.Context, c Config) error {
	o, stores, err := c.options()
	if err != nil {
		return err
	}
	defer stores.Close()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("serve the portal: %w", err)
	}
	server := &http.Server{Handler: New(o), ReadHeaderTimeout: headerLimit, IdleTimeout: idleLimit}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve the portal: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
		defer cancel()
		_ = server.Shutdown(limited)
		_ = server.Close()
		return ctx.Err()
	})
	if c.Names != "" {
		group.Go(func() error { return names.Serve(ctx, c.Names, c.Hosts) })
	}
	return group.Wait()
}

// options reads the portal's own secrets. Nothing is connected yet: a store that
// is down shows in the health.
func (c Config) options() (Options, *stores, error) {
	o := Options{User: c.User, API: c.API}
	var err error
	if o.Password, err = secret(c.PasswordFile); err != nil {
		return o, nil, err
	}
	if o.Token, err = secret(c.TokenFile); err != nil {
		return o, nil, err
	}
	s := &stores{Config: c}
	o.Stores = s
	return o, s, nil
}

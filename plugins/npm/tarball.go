package npm

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gatehouse/plugins"
)

// Tarball fetches a version's tarball, from the cache or else from where the
// manifest says, and gives it when it is whole and has the manifest's integrity.
// Nothing can read it before that, and nothing can change it after. The caller
// closes it. One without a SHA-512, or with another, is [ErrIntegrity].
func (c *Client) Tarball(ctx context.Context, m Manifest) (*Tarball, error) {
	t, err := c.cached(ctx, m.Dist.Integrity)
	if t == nil && err == nil {
		t, err = c.download(ctx, m)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch the tarball of %s: %w", m.Ref, err)
	}
	return t, nil
}

// Fetch fetches the tarball that a version must have. From the cache it asks the
// registry nothing; else the registry must promise the same integrity.
func (c *Client) Fetch(ctx context.Context, ref plugins.Ref, integrity plugins.Integrity) (*Tarball, error) {
	t, err := c.cached(ctx, integrity)
	if err != nil {
		return nil, fmt.Errorf("fetch the tarball of %s: %w", ref, err)
	}
	if t != nil {
		return t, nil
	}
	m, err := c.Manifest(ctx, ref)
	if err != nil {
		return nil, err
	}
	if m.Dist.Integrity != integrity {
		return nil, fmt.Errorf("fetch the tarball of %s: %w: want %s, the registry has %s", ref, ErrIntegrity, integrity, m.Dist.Integrity)
	}
	if t, err = c.download(ctx, m); err != nil {
		return nil, fmt.Errorf("fetch the tarball of %s: %w", ref, err)
	}
	return t, nil
}

// cached is the cache's copy, nil if it has none that is good.
func (c *Client) cached(ctx context.Context, integrity plugins.Integrity) (*Tarball, error) {
	if integrity.IsZero() {
		return nil, fmt.Errorf("%w: it has no SHA-512, and what is weaker proves too little", ErrIntegrity)
	}
	t, bad, err := c.fromCache(ctx, integrity)
	switch {
	case err != nil:
		return nil, err
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case bad != nil && !errors.Is(bad, ErrNotCached):
		c.options.Log.WarnContext(ctx, "the cache of tarballs is of no use; the registry is asked", "error", bad)
	}
	return t, nil
}

// fromCache tells what is the cache's fault, which the registry can make good, from
// what is this machine's.
func (c *Client) fromCache(ctx context.Context, integrity plugins.Integrity) (_ *Tarball, bad, err error) {
	kept, bad := c.options.Cache.Open(ctx, integrity)
	if bad != nil {
		return nil, bad, nil
	}
	defer kept.Close()
	s, err := newSpool(c.options.Folder)
	if err != nil {
		return nil, nil, err
	}
	defer s.drop()
	body := &bounded{from: reader(ctx, kept), limit: c.options.Limits.Tarball, left: c.options.Limits.Tarball}
	if err := s.fill(body, integrity); body.failed != nil {
		return nil, body.failed, nil
	} else if errors.Is(err, ErrIntegrity) {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err), nil
	} else if err != nil {
		return nil, nil, err
	}
	t, err := s.tarball()
	return t, nil, err
}

func (c *Client) download(ctx context.Context, m Manifest) (*Tarball, error) {
	at, err := c.elsewhere(m.Dist.Tarball)
	if err != nil {
		return nil, err
	}
	s, err := newSpool(c.options.Folder)
	if err != nil {
		return nil, err
	}
	defer s.drop()
	err = c.ask(ctx, at, c.options.Limits.Tarball, func(body io.Reader) error { return s.fill(body, m.Dist.Integrity) })
	if err != nil {
		return nil, err
	}
	if err := c.options.Cache.Put(ctx, m.Dist.Integrity, s.file.Name()); err != nil {
		c.options.Log.WarnContext(ctx, "the tarball is not kept in the cache", "package", m.Ref.String(), "error", err)
	}
	return s.tarball()
}

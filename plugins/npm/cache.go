package npm

import (
	"context"
	"errors"
	"io"

	"gatehouse/plugins"
)

// Cache keeps tarballs by what they must be. The client hashes what it is given, so
// that a cache need not be trusted; a failure of one is logged and the registry
// asked.
type Cache interface {
	// Open reads a tarball. [ErrNotCached] if it is not there, [ErrDamaged] if what
	// is there is another.
	Open(ctx context.Context, integrity plugins.Integrity) (io.ReadCloser, error)
	// Put keeps the file at path, which is the caller's and stays as it is. It
	// replaces what is there.
	Put(ctx context.Context, integrity plugins.Integrity, path string) error
}

var (
	// ErrNotCached means that the cache does not have it.
	ErrNotCached = errors.New("it is not in the cache")
	// ErrDamaged means that what was in the cache is not what it is called.
	ErrDamaged = errors.New("the cache's copy is damaged")
)

// none is no cache.
type none struct{}

func (none) Open(context.Context, plugins.Integrity) (io.ReadCloser, error) {
	return nil, ErrNotCached
}
func (none) Put(context.Context, plugins.Integrity, string) error { return nil }

// CacheKey is where a cache keeps a tarball: sha512/AB/CDEF….tgz. It is "" for none.
func CacheKey(integrity plugins.Integrity) string {
	sum := integrity.Hex()
	if sum == "" {
		return ""
	}
	return "sha512/" + sum[:2] + "/" + sum[2:] + ".tgz"
}

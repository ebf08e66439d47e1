package pipeline

import (
	"context"
	"fmt"
	"regexp"
)

// Images tells what a registry has.
type Images interface {
	// Digest is what a tag points at: sha256:HEX. [ErrNotFound] when there is none.
	Digest(ctx context.Context, repository, tag string) (string, error)
}

var digests = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// Image is the digest of the image that a build pushed. A tag may be moved: what the
// portal runs is named by the digest, which cannot.
func Image(ctx context.Context, images Images, repository, tag string) (string, error) {
	digest, err := images.Digest(ctx, repository, tag)
	if err != nil {
		return "", fmt.Errorf("find the image %s:%s: %w", repository, tag, err)
	}
	if !digests.MatchString(digest) {
		return "", fmt.Errorf("find the image %s:%s: %w: %q is no digest", repository, tag, ErrInvalid, digest)
	}
	return digest, nil
}

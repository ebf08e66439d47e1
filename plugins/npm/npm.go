// Package npm reads packages from an npm registry: what the registry says of one
// exact version, its tarball, its signatures and attestations.
//
// Nothing here decides whether a package may be installed: that is plugins/gate's.
// Nothing opens a tarball: that is plugins/tarball's. A cache in a bucket is
// plugins/npm/s3cache's, so that what only reads manifests links no AWS SDK.
package npm

import (
	"errors"
	"fmt"
	"strings"

	"gatehouse/plugins"
)

// What a registry's answer can mean. Errors of this package wrap one of these, or
// are a [VersionNotFoundError], the end of the context, or a failure of this
// machine such as a full disk.
var (
	// ErrNotFound: the registry has no such package, or shows it to others only.
	ErrNotFound = errors.New("the registry has no such package, or none that may be seen without a token")
	// ErrDenied: the registry knows who asks, and refuses.
	ErrDenied = errors.New("the registry refuses; give a token that may read it")
	// ErrUnreachable: nobody knows: no answer in time, or only failures.
	ErrUnreachable = errors.New("the registry cannot be asked; try again later")
	// ErrInvalid: what came is not what a registry answers.
	ErrInvalid = errors.New("the registry's answer is wrong")
	// ErrTooLarge: what came is above a limit of [Limits].
	ErrTooLarge = errors.New("the answer is too large")
	// ErrIntegrity: the tarball is not the one that was promised, or nothing strong
	// enough was promised.
	ErrIntegrity = errors.New("the tarball is not what it must be")
	// ErrNoKeys: the registry publishes no keys, as most mirrors.
	ErrNoKeys = errors.New("the registry publishes no keys for signatures")
	// ErrNoAttestations: the version has none.
	ErrNoAttestations = errors.New("the registry has no attestations of it")
)

// VersionNotFoundError is a version that a package has not.
type VersionNotFoundError struct {
	Ref plugins.Ref
	// Nearest are the versions around it, at most four, in order. Without a
	// pre-release asked for there is none among them if releases are there.
	Nearest []string
}

func (e *VersionNotFoundError) Error() string {
	if len(e.Nearest) == 0 {
		return fmt.Sprintf("%s has no version %s, and no other", e.Ref.Name, e.Ref.Version)
	}
	return fmt.Sprintf("%s has no version %s; the nearest are %s", e.Ref.Name, e.Ref.Version, strings.Join(e.Nearest, ", "))
}

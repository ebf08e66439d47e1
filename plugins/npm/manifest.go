package npm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"gatehouse/plugins"
)

// Manifest is all that a registry says of one version.
type Manifest struct {
	Package
	// Deprecated is the publisher's message; "" if it is not.
	Deprecated string
	Dist       Dist
	// Published is when, as the registry says; zero if it does not.
	Published time.Time
	// Digest is the SHA-256, in hexadecimal, of the version's object as it was
	// served. It changes when a publisher deprecates.
	Digest string
}

// Dist is how a version is distributed.
type Dist struct {
	// Tarball is its address as the registry wrote it.
	Tarball string
	// Integrity is none where the registry has only weaker sums.
	Integrity plugins.Integrity
	// Shasum is the SHA-1 in hexadecimal. It proves nothing.
	Shasum string
	// FileCount and UnpackedSize (bytes) are the publisher's claims; 0 for none.
	FileCount, UnpackedSize int64
	Signatures              []Signature
	Attestations            Attestations
}

// Attestations says where a version's attestations are; the zero value is none.
type Attestations struct {
	URL string
	// PredicateType is that of the provenance: https://slsa.dev/provenance/v1.
	PredicateType string
}

// Manifest asks for one version. It reads the package's full document (GET /NAME),
// since neither the short one nor GET /NAME/VERSION has signatures, scripts and the
// time of publication all together.
func (c *Client) Manifest(ctx context.Context, ref plugins.Ref) (Manifest, error) {
	m, err := c.manifest(ctx, ref)
	if err != nil {
		return Manifest{}, fmt.Errorf("read what the registry says of %s: %w", ref, err)
	}
	return m, nil
}

func (c *Client) manifest(ctx context.Context, ref plugins.Ref) (Manifest, error) {
	if err := ref.Check(); err != nil {
		return Manifest{}, err
	}
	var d document
	err := c.ask(ctx, c.registry.JoinPath(escape(ref.Name)), c.options.Limits.Document, func(body io.Reader) (err error) {
		d, err = readDocument(body, ref)
		return err
	})
	if err != nil {
		return Manifest{}, err
	}
	if d.version == nil {
		return Manifest{}, &VersionNotFoundError{Ref: ref, Nearest: nearest(ref.Version, d.versions)}
	}
	m, err := readManifest(d.version)
	if err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if m.Ref != ref {
		return Manifest{}, fmt.Errorf("%w: it answers with %s", ErrInvalid, m.Ref)
	}
	if err := json.Unmarshal(orNull(d.published), &m.Published); err != nil {
		return Manifest{}, fmt.Errorf("%w: time: %w", ErrInvalid, err)
	}
	return m, nil
}

func orNull(value json.RawMessage) json.RawMessage {
	if value == nil {
		return json.RawMessage("null")
	}
	return value
}

func readManifest(content []byte) (m Manifest, err error) {
	f, err := readFields(content)
	if err != nil {
		return m, err
	}
	sum := sha256.Sum256(content)
	m.Digest = hex.EncodeToString(sum[:])
	m.Deprecated = deprecated(f)
	var undistributed error
	m.Package, err = readPackage(f)
	m.Dist, undistributed = dist(f)
	return m, errors.Join(err, undistributed)
}

// deprecated is the message. Some registries write a flag instead.
func deprecated(f fields) string {
	var flag bool
	if f.read("deprecated", &flag) == nil && flag {
		return "deprecated, without a message"
	}
	return f.text("deprecated")
}

func dist(f fields) (d Dist, err error) {
	object, err := f.object("dist")
	if err != nil {
		return d, err
	}
	var integrity string
	err = errors.Join(
		object.read("tarball", &d.Tarball), object.read("integrity", &integrity), object.read("shasum", &d.Shasum),
		object.read("fileCount", &d.FileCount), object.read("unpackedSize", &d.UnpackedSize),
		object.read("signatures", &d.Signatures),
	)
	if err == nil && strings.Contains(integrity, "sha512-") {
		d.Integrity, err = plugins.ParseIntegrity(integrity)
	}
	if err == nil {
		d.Attestations, err = attestations(object)
	}
	if err != nil {
		return d, fmt.Errorf("dist: %w", err)
	}
	return d, nil
}

func attestations(f fields) (a Attestations, err error) {
	object, err := f.object("attestations")
	if err != nil {
		return a, err
	}
	provenance, err := object.object("provenance")
	return a, errors.Join(err, object.read("url", &a.URL), provenance.read("predicateType", &a.PredicateType))
}

package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"path"

	"gatehouse/plugins"
	"gatehouse/plugins/store/tree"
	"gatehouse/plugins/store/volume"
	"gatehouse/plugins/tarball"
)

// Stage unpacks a plugin's tarball into the store, so that it is there whole or not
// at all. One that is there is hashed again and used as it is, without a look at the
// tarball; a damaged one is moved aside and staged anew. Of two that stage the same
// plugin at once, one wins and both succeed.
//
// A [*tarball.Refusal] or a [*Refusal] says that the package must not be installed
// (see [Refused]); [volume.ErrFull] and its kin that the volume is at fault. A
// tarball that stalls is for its reader's owner to end.
func (s *Store) Stage(ctx context.Context, spec Spec, from io.Reader, limits tarball.Limits) (entry Entry, err error) {
	if err := spec.check(); err != nil {
		return Entry{}, err
	}
	entry, seen, err := s.find(ctx, spec)
	var damage *DamagedError
	switch {
	case err == nil:
		entry.Outcome = Reused
		return entry, s.volume.Touch(path.Join(folder, entry.Folder()))
	case !errors.Is(err, ErrAbsent) && !errors.As(err, &damage):
		return Entry{}, err
	}
	temp, err := s.volume.Temp(FolderOf(spec.Ref, spec.Integrity))
	if err != nil {
		return Entry{}, fmt.Errorf("stage %s: %w", spec.Ref, err)
	}
	won := false
	defer func() {
		if !won {
			err = errors.Join(err, temp.Discard())
		}
	}()
	if entry, err = unpack(ctx, temp, spec, from, limits); err != nil {
		return Entry{}, fmt.Errorf("stage %s: %w", spec.Ref, err)
	}
	entry.Outcome = Staged
	if damage != nil {
		entry.Outcome, entry.Damage = Repaired, damage
		if damage.Kept, err = s.volume.Aside(damage.Folder, seen); err != nil {
			return Entry{}, fmt.Errorf("stage %s: %w", spec.Ref, err)
		}
	}
	won, err = temp.Publish(ctx, path.Join(folder, entry.Folder()))
	if err != nil {
		return Entry{}, fmt.Errorf("stage %s: %w", spec.Ref, err)
	}
	if !won { // what the other has staged counts, once it is known to be good
		if entry, _, err = s.find(ctx, spec); err != nil {
			return Entry{}, fmt.Errorf("stage %s after another process did: %w", spec.Ref, err)
		}
		entry.Outcome = Reused
	}
	return entry, nil
}

// unpack writes the package and its list into a temporary folder.
func unpack(ctx context.Context, temp *volume.Temp, spec Spec, from io.Reader, limits tarball.Limits) (Entry, error) {
	sum := sha512.New()
	var files []tree.File
	var manifest bytes.Buffer
	err := tarball.Walk(ctx, io.TeeReader(from, sum), limits, func(e tarball.Entry, content io.Reader) error {
		if e.Path == tarball.ManifestName {
			content = io.TeeReader(content, &capped{&manifest, limits.Manifest})
		}
		hashed := sha256.New()
		if err := temp.Write(path.Join(packageName, e.Path), e.Mode, io.TeeReader(content, hashed)); err != nil {
			return err
		}
		files = append(files, tree.File{Path: e.Path, Size: e.Size, SHA256: digest(hashed), Mode: e.Mode})
		return nil
	})
	if err != nil {
		return Entry{}, err
	}
	if got := plugins.IntegrityOf([sha512.Size]byte(sum.Sum(nil))); got != spec.Integrity {
		return Entry{}, &Refusal{Reason: Integrity, Ref: spec.Ref, Want: spec.Integrity.String(), Got: got.String()}
	}
	if own := named(manifest.Bytes()); own != spec.Ref {
		return Entry{}, &Refusal{Reason: Misnamed, Ref: spec.Ref, Want: spec.Ref.String(), Got: own.String()}
	}
	list, err := tree.New(files...)
	if err != nil {
		return Entry{}, err
	}
	entry := Entry{Ref: spec.Ref, Integrity: spec.Integrity, Content: list.Digest(), Files: list}
	text, err := json.MarshalIndent(entry, "", " ")
	if err != nil {
		return Entry{}, err
	}
	return entry, temp.Write(entryName, tree.Plain, bytes.NewReader(append(text, '\n')))
}

// named reads a package.json's name and version as JavaScript does: of the very
// letters, and the last one counts. What cannot be read has neither.
func named(manifest []byte) plugins.Ref {
	var fields map[string]any
	_ = json.Unmarshal(manifest, &fields)
	name, _ := fields["name"].(string)
	version, _ := fields["version"].(string)
	return plugins.Ref{Name: name, Version: version}
}

func digest(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// capped keeps the beginning of what is written: a package.json that is longer than
// the limit is cut, and no JSON then.
type capped struct {
	into *bytes.Buffer
	left int64
}

func (c *capped) Write(p []byte) (int, error) {
	keep := p[:min(int64(len(p)), c.left)]
	c.into.Write(keep)
	c.left -= int64(len(keep))
	return len(p), nil
}

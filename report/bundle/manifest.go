package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Manifest lists the parts, for people and for tools that know no in-toto.
type Manifest struct {
	// Format is [Format].
	Format string `json:"format"`
	// Files are sorted by path.
	Files []File `json:"files"`
}

// File is a part as the manifest lists it.
type File struct {
	Path string `json:"path"`
	// Size is in bytes.
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// fileOf describes a part.
func fileOf(p Part) File {
	sum := sha256.Sum256(p.Content)
	return File{Path: p.Path, Size: int64(len(p.Content)), SHA256: hex.EncodeToString(sum[:])}
}

func (m Manifest) marshal() ([]byte, error) {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return append(text, '\n'), nil
}

func parseManifest(text []byte) (Manifest, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var m Manifest
	if err := decoder.Decode(&m); err != nil {
		return Manifest{}, fmt.Errorf("read the manifest: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Manifest{}, errors.New("read the manifest: something follows it")
	}
	if m.Format != Format {
		return Manifest{}, fmt.Errorf("read the manifest: its format is %q; this gatehouse reads %s", m.Format, Format)
	}
	return m, nil
}

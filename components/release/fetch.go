package release

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// maxArchiveBytes bounds a chart's archive; the largest in use is 1 MiB, and
// Helm itself stores no release above that.
const maxArchiveBytes = 16 << 20

// ErrNotLocked is the error of a chart whose digest the catalogue lacks.
var ErrNotLocked = errors.New("the catalogue (components/release/charts.yaml) has no digest of it: run `gatehouse charts lock`, look at what it changed and commit that")

// Fetch returns the path of the chart's archive in dir, NAME-VERSION.tgz, and
// downloads it from the chart's repository when it is not there yet. The
// archive is compared with the digest of the catalogue each time, before it is
// kept and when it is found: what differs is never used.
func Fetch(ctx context.Context, client *http.Client, dir string, chart Chart) (string, error) {
	if chart.Digest == "" {
		return "", fmt.Errorf("fetch chart %s %s: %w", chart.Name, chart.Version, ErrNotLocked)
	}
	path := filepath.Join(dir, chart.archive())
	kept, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("fetch chart %s: %w", chart.Name, err)
	}
	if err == nil && digestOf(kept) == chart.Digest {
		return path, nil
	}
	served, err := Resolve(ctx, client, chart)
	if err != nil {
		return "", err
	}
	text, err := download(ctx, client, served.URL, maxArchiveBytes)
	if err != nil {
		return "", fmt.Errorf("fetch chart %s: %w", chart.Name, err)
	}
	if got := digestOf(text); got != chart.Digest {
		return "", fmt.Errorf("fetch chart %s %s: its repository serves another archive than the catalogue names (SHA-256 %s, wanted %s): "+
			"find out why before anything else; nothing was kept", chart.Name, chart.Version, got, chart.Digest)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("keep chart %s: %w", chart.Name, err)
	}
	if err := renameio.WriteFile(path, text, 0o644); err != nil {
		return "", fmt.Errorf("keep chart %s: %w", chart.Name, err)
	}
	return path, nil
}

// archive is the file name of the chart's archive.
func (c Chart) archive() string { return c.Name + "-" + c.Version + ".tgz" }

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

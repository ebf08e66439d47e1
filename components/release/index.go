package release

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxIndexBytes bounds a repository's index; the largest in use is about
// 20 MiB.
const maxIndexBytes = 64 << 20

// Served is what a repository's index says of one chart.
type Served struct {
	// URL is where the archive lies.
	URL string
	// Digest is the SHA-256 that the index gives for it, in hexadecimal; empty
	// when it gives none.
	Digest string
}

// index is the part of a Helm repository's index.yaml that is read here (Helm
// documentation, "The Chart Repository Guide").
type index struct {
	Entries map[string][]struct {
		Version string   `yaml:"version"`
		URLs    []string `yaml:"urls"`
		Digest  string   `yaml:"digest"`
	} `yaml:"entries"`
}

// Resolve reads the index of the chart's repository and returns what it says of
// the chart's version.
func Resolve(ctx context.Context, client *http.Client, chart Chart) (Served, error) {
	base, err := url.Parse(strings.TrimSuffix(chart.Repository, "/") + "/")
	if err != nil {
		return Served{}, fmt.Errorf("find chart %s: repository %s: %w", chart.Name, chart.Repository, err)
	}
	text, err := download(ctx, client, base.JoinPath("index.yaml").String(), maxIndexBytes)
	if err != nil {
		return Served{}, fmt.Errorf("find chart %s: %w", chart.Name, err)
	}
	var found index
	if err := yaml.Unmarshal(text, &found); err != nil {
		return Served{}, fmt.Errorf("find chart %s: %s is no index of a Helm repository: %w", chart.Name, chart.Repository, err)
	}
	for _, entry := range found.Entries[chart.Name] {
		if entry.Version != chart.Version || len(entry.URLs) == 0 {
			continue
		}
		archive, err := base.Parse(entry.URLs[0])
		if err != nil {
			return Served{}, fmt.Errorf("find chart %s: archive %s: %w", chart.Name, entry.URLs[0], err)
		}
		if base.Scheme == "https" && archive.Scheme != "https" {
			return Served{}, fmt.Errorf("find chart %s: archive %s is not served over https", chart.Name, archive)
		}
		return Served{URL: archive.String(), Digest: strings.TrimPrefix(entry.Digest, "sha256:")}, nil
	}
	return Served{}, fmt.Errorf("find chart %s: %s serves no version %s; choose one that it does in components/release/charts.yaml",
		chart.Name, chart.Repository, chart.Version)
}

package release

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
)

// ServedDigest downloads the archive that the chart's repository serves now and
// returns its SHA-256. It is what `gatehouse charts lock` trusts on first use:
// nothing but the repository's TLS certificate vouches for it. An index that
// contradicts its own archive is an error.
func ServedDigest(ctx context.Context, client *http.Client, chart Chart) (string, error) {
	served, err := Resolve(ctx, client, chart)
	if err != nil {
		return "", err
	}
	text, err := download(ctx, client, served.URL, maxArchiveBytes)
	if err != nil {
		return "", fmt.Errorf("fetch chart %s: %w", chart.Name, err)
	}
	digest := digestOf(text)
	if served.Digest != "" && served.Digest != digest {
		return "", fmt.Errorf("fetch chart %s %s: the archive (SHA-256 %s) is not the one of its repository's index (%s)",
			chart.Name, chart.Version, digest, served.Digest)
	}
	return digest, nil
}

// WithDigest returns the text of a catalogue with the digest of one chart set,
// and all else as it was, comments too.
func WithDigest(text []byte, chart, digest string) ([]byte, error) {
	line := regexp.MustCompile(`(?m)^(- \{name: ` + regexp.QuoteMeta(chart) + `, .*digest: )"[0-9a-f]*"\}$`)
	if !line.Match(text) {
		return nil, fmt.Errorf("write the digest of chart %s: its line in the catalogue is not of the form `- {name: …, digest: \"…\"}`", chart)
	}
	return line.ReplaceAll(text, []byte(`${1}"`+digest+`"}`)), nil
}

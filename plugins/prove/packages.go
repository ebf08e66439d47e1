package prove

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Packages asks the probe at address (HOST:PORT, of a pod) which of these npm packages
// the portal's own program finds, and gives their versions by name; a package that it
// does not find is not there, and one without a version has "". So it proves what was
// built into the image. Client may be nil. Errors are those of [Ask].
func Packages(ctx context.Context, client *http.Client, address string, names []string) (map[string]string, error) {
	text, status, kind, err := get(ctx, client, address, "/v1/packages", url.Values{"name": names}, maxAnswer)
	switch {
	case err != nil:
		return nil, fmt.Errorf("ask the probe at %s which packages are in the image: %w", address, err)
	case status >= http.StatusInternalServerError:
		return nil, fmt.Errorf("ask the probe at %s which packages are in the image: status %d: see the pod's log", address, status)
	case status != http.StatusOK || kind != "application/json":
		return nil, fmt.Errorf("ask the probe at %s which packages are in the image: %w: status %d of type %q", address, ErrAnswer, status, kind)
	}
	found, err := parsePackages(text)
	if err != nil {
		return nil, fmt.Errorf("ask the probe at %s which packages are in the image: %w", address, err)
	}
	return found, nil
}

// parsePackages reads {"packages": {NAME: VERSION}}.
func parsePackages(text []byte) (map[string]string, error) {
	if len(text) > maxAnswer {
		return nil, fmt.Errorf("%w: it has more than %d bytes", ErrAnswer, maxAnswer)
	}
	var answer struct {
		Packages map[string]string `json:"packages"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&answer); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: there is more behind it", ErrAnswer)
	}
	if answer.Packages == nil {
		return nil, fmt.Errorf("%w: it has no packages", ErrAnswer)
	}
	found := map[string]string{}
	for name, version := range answer.Packages {
		found[cleaned(name)] = cleaned(version)
	}
	return found, nil
}

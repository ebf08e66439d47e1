package prove

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// longest is how long one question may take, when ctx allows it.
const longest = 10 * time.Second

// ErrNotReady means that Backstage answers and is not ready (503): it is starting, it
// is ending, or its start has failed.
var ErrNotReady = errors.New("it is not ready")

// Ask asks the probe at address (HOST:PORT, of a pod) what its Backstage has loaded.
// Client may be nil. An [ErrAnswer] comes from something else than the probe; any
// other error leaves open what is loaded: nobody answers (yet).
func Ask(ctx context.Context, client *http.Client, address string) (Loaded, error) {
	text, status, kind, err := get(ctx, client, address, "/v1/plugins", nil, maxAnswer)
	switch {
	case err != nil:
		return Loaded{}, fmt.Errorf("ask the probe at %s which plugins are loaded: %w", address, err)
	case status >= http.StatusInternalServerError: // also of a proxy or sidecar between
		return Loaded{}, fmt.Errorf("ask the probe at %s which plugins are loaded: status %d: see the pod's log", address, status)
	case status != http.StatusOK || kind != "application/json":
		return Loaded{}, fmt.Errorf("ask the probe at %s which plugins are loaded: %w: status %d of type %q", address, ErrAnswer, status, kind)
	}
	l, err := Parse(text)
	if err != nil {
		return Loaded{}, fmt.Errorf("ask the probe at %s which plugins are loaded: %w", address, err)
	}
	return l, nil
}

// Healthy asks the Backstage at address (HOST:PORT, of a pod) whether it is ready: nil
// when it is, [ErrNotReady] with its reason when it says that it is not, another error
// when it cannot be known. Client may be nil.
func Healthy(ctx context.Context, client *http.Client, address string) error {
	text, status, _, err := get(ctx, client, address, "/.backstage/health/v1/readiness", nil, 4<<10)
	switch {
	case err != nil:
		return fmt.Errorf("ask Backstage at %s whether it is ready: %w", address, err)
	case status == http.StatusOK:
		return nil
	case status == http.StatusServiceUnavailable:
		var why struct {
			Message string `json:"message"`
		}
		if err := json.Unmarshal(text, &why); err != nil || why.Message == "" {
			why.Message = "it gives no reason"
		}
		return fmt.Errorf("ask Backstage at %s whether it is ready: %w: %s", address, ErrNotReady, cleaned(why.Message))
	}
	return fmt.Errorf("ask Backstage at %s whether it is ready: status %d, not 200", address, status)
}

// get is one bounded request. Redirects are not followed: a pod has no reason to send
// the installer anywhere.
func get(ctx context.Context, client *http.Client, address, path string, query url.Values, most int64) (text []byte, status int, kind string, err error) {
	host, port, err := net.SplitHostPort(address)
	if _, portErr := strconv.ParseUint(port, 10, 16); err != nil || portErr != nil || host == "" || strings.ContainsAny(host, "/?#@\\ ") {
		return nil, 0, "", errors.New("want an address HOST:PORT")
	}
	if client == nil {
		client = http.DefaultClient
	}
	own := *client
	own.Jar = nil
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, (&url.URL{Scheme: "http", Host: address, Path: path, RawQuery: query.Encode()}).String(), nil)
	if err != nil {
		return nil, 0, "", err
	}
	request.Header.Set("Accept", "application/json")
	response, err := own.Do(request)
	if err != nil {
		return nil, 0, "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err = io.ReadAll(io.LimitReader(response.Body, most+1))
	if err != nil {
		return nil, 0, "", fmt.Errorf("read its answer: %w", err)
	}
	kind, _, err = mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	return text, response.StatusCode, kind, nil
}

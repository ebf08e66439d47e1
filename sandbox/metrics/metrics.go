// Package metrics is the sandbox's monitoring: a real Prometheus, a real
// Alertmanager that tells nobody, and the exporters that this machine has, as
// servers of a sandbox.
//
// The rules and routes themselves are an environment's: package controllers
// brings them from the cluster. What is judged of all this is not known here.
package metrics

import (
	"context"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// find returns a program, with what to install when it is not there.
func find(program, title, packageName string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", fmt.Errorf("find %s: %w; install the package %s", title, data.ErrNotInstalled, packageName)
	}
	return path, nil
}

// answers returns nil when a GET of an URL gives 200.
func answers(ctx context.Context, name, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	return send(request, name)
}

// Reload asks a Prometheus or an Alertmanager at base, an URL without a path, to
// read its configuration again. Its reason to refuse stands in its log.
func Reload(ctx context.Context, base string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/-/reload", nil)
	if err != nil {
		return err
	}
	return send(request, "reload")
}

func send(request *http.Request, name string) error {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy for loopback
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", name, response.Status, strings.TrimSpace(string(text)))
	}
	return nil
}

// url of a server on a port of loopback.
func url(port int) string { return "http://" + process.Address(port) }

// folders makes folders that are the user's alone.
func folders(dirs ...string) error {
	for _, dir := range dirs {
		if err := os.MkdirAll(filepath.Clean(dir), 0o700); err != nil {
			return fmt.Errorf("make a folder for monitoring: %w", err)
		}
	}
	return nil
}

// sorted goes through a map by its keys, so that files that say the same are the
// same.
func sorted(m map[string]string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}

package gate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"deps.dev/util/semver"
)

// Host is the Backstage that is to load a plugin.
type Host struct {
	// Backstage is its release, as backstage.json says: 1.42.0; "" if unknown.
	Backstage string `json:"backstage"`
	// Node is the version of Node.js that runs it: 22.3.0; "" if unknown.
	Node string `json:"node"`
	// Packages are the versions that a plugin finds there, by name.
	Packages map[string]string `json:"packages"`
}

// maxHost is far above the lock file of a large portal, in bytes.
const maxHost = 64 << 20

// ParseHost reads a host's manifest: {"backstage": …, "node": …, "packages": {NAME:
// VERSION}}. Unknown keys are errors; so is one without packages.
func ParseHost(r io.Reader) (Host, error) {
	decoder := json.NewDecoder(io.LimitReader(r, maxHost))
	decoder.DisallowUnknownFields()
	var h Host
	if err := decoder.Decode(&h); err != nil {
		return Host{}, fmt.Errorf("read the host's manifest: %w", err)
	}
	return h, h.check()
}

// HostOfLock makes a manifest of a portal's package-lock.json (version 2 or 3): its
// packages directly below node_modules are what a plugin finds. backstage and node
// are not in there.
func HostOfLock(lock []byte, backstage, node string) (Host, error) {
	var document struct {
		LockfileVersion int `json:"lockfileVersion"`
		Packages        map[string]struct {
			Version string `json:"version"`
		} `json:"packages"`
	}
	if err := json.NewDecoder(bytes.NewReader(lock)).Decode(&document); err != nil {
		return Host{}, fmt.Errorf("read the host's package-lock.json: %w", err)
	}
	if document.LockfileVersion < 2 {
		return Host{}, fmt.Errorf("read the host's package-lock.json: version %d lists no packages by place: make it with npm 7 or later", document.LockfileVersion)
	}
	h := Host{Backstage: backstage, Node: node, Packages: map[string]string{}}
	for place, each := range document.Packages {
		name, found := strings.CutPrefix(place, "node_modules/")
		if found && !strings.Contains(name, "node_modules/") && each.Version != "" {
			h.Packages[name] = each.Version
		}
	}
	return h, h.check()
}

func (h Host) check() error {
	if len(h.Packages) == 0 {
		return errors.New("read the host's manifest: it lists no packages: nothing can be held against it")
	}
	for name, version := range h.Packages {
		if _, err := semver.NPM.Parse(version); err != nil {
			return fmt.Errorf("read the host's manifest: %s: %q is no version: %w", name, version, err)
		}
	}
	for name, version := range map[string]string{"backstage": h.Backstage, "node": h.Node} {
		if _, err := semver.NPM.Parse(version); version != "" && err != nil {
			return fmt.Errorf("read the host's manifest: %s: %q is no version: %w", name, version, err)
		}
	}
	return nil
}

package stacks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/attestation"
)

// maxFile is what a ConfigMap may hold, some less than its 1 MiB, in bytes.
const maxFile = 1<<20 - 4096

// readHost reads what the gate holds plugins against.
func readHost(root string, path *string) (gate.Host, error) {
	if path == nil {
		return gate.Host{}, nil
	}
	content, err := readProjectFile(root, "portal.plugins.host", *path)
	if err != nil {
		return gate.Host{}, err
	}
	host, err := gate.ParseHost(bytes.NewReader(content))
	if err != nil {
		return gate.Host{}, fmt.Errorf("%s: %w", *path, err)
	}
	return host, nil
}

// readTrustedRoot reads the keys that attestations are verified with: they must be
// such before anything of the cluster relies on them.
func readTrustedRoot(root string, path *string) (string, error) {
	if path == nil {
		return "", nil
	}
	const name = "portal.plugins.trustedRoot"
	content, err := readProjectFile(root, name, *path)
	if err != nil {
		return "", err
	}
	if _, err := attestation.New(content); err != nil {
		return "", fmt.Errorf("%s: %s: %w; take sigstore's trusted_root.json, or leave the key out for the public one", name, *path, err)
	}
	return string(content), nil
}

// readProjectFile reads a file that a key of configuration names. It is below root and
// stays there.
func readProjectFile(root, key, path string) (content []byte, err error) {
	folder, err := os.OpenRoot(root)
	if err != nil {
		return nil, fmt.Errorf("open the project's folder: %w", err)
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	file, err := folder.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w; name a file below %s", key, err, root)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if content, err = io.ReadAll(io.LimitReader(file, maxFile+1)); err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	if len(content) > maxFile {
		return nil, fmt.Errorf("read %s: %s has more than %d bytes: it is another file", key, path, maxFile)
	}
	return content, nil
}

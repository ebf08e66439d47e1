package toolbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"gatehouse/sandbox/crds"

	"golang.org/x/mod/modfile"
)

// definitions says where in each module of tools/crds the
// CustomResourceDefinitions lie, as globs below the module's folder.
func definitions() map[string]string {
	return map[string]string{
		"github.com/cert-manager/cert-manager":               "deploy/crds/crd-*.yaml",
		"github.com/external-secrets/external-secrets":       "config/crds/bases/*external-secrets.io_*.yaml",
		"github.com/prometheus-operator/prometheus-operator": "example/prometheus-operator-crd/*.yaml",
		"istio.io/api": "kubernetes/customresourcedefinitions.gen.yaml",
	}
}

// CRDs returns the path of a file with every CustomResourceDefinition that the
// platform's charts would bring, for [crds.Load]. They come out of the zips of
// the modules that tools/crds/go.mod requires.
func CRDs(ctx context.Context, root string, progress Progress) (string, error) {
	module := filepath.Join(root, "tools", "crds")
	key, err := contentHash(ctx, module, []string{crds.Format})
	if err != nil {
		return "", fmt.Errorf("hash tools/crds: %w", err)
	}
	return cached(ctx, "crds", key, progress, func(target string) error {
		progress.sayf("collecting the CustomResourceDefinitions (a minute with nothing cached)")
		files, err := definitionFiles(ctx, module)
		if err != nil {
			return fmt.Errorf("collect the CustomResourceDefinitions: %w", err)
		}
		bundle, err := crds.Bundle(files)
		if err != nil {
			return fmt.Errorf("collect the CustomResourceDefinitions: %w", err)
		}
		return os.WriteFile(target, bundle, 0o644)
	})
}

func definitionFiles(ctx context.Context, module string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(module, "go.mod"))
	if err != nil {
		return nil, err
	}
	mod, err := modfile.ParseLax("go.mod", text, nil)
	if err != nil {
		return nil, err
	}
	globs := definitions()
	download := []string{"mod", "download", "-json"}
	for _, require := range mod.Require {
		if _, known := globs[require.Mod.Path]; !known {
			return nil, fmt.Errorf("tools/crds requires %s: say in internal/toolbox/crds.go where its definitions lie", require.Mod.Path)
		}
		download = append(download, require.Mod.String())
	}
	out, err := goCommand(ctx, module, download...)
	if err != nil {
		return nil, err
	}
	var files []string
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var got struct{ Path, Version, Dir string }
		if err := decoder.Decode(&got); err != nil {
			return nil, fmt.Errorf("read what go mod download says: %w", err)
		}
		found, err := filepath.Glob(filepath.Join(got.Dir, globs[got.Path]))
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s@%s holds no %s", got.Path, got.Version, globs[got.Path])
		}
		files = append(files, found...)
	}
	return files, nil
}

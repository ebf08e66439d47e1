package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"gopkg.in/yaml.v3"
)

// copyProject copies the project and the stack's file into work: the sandbox
// never writes into the user's own files. The copy says where the sandbox is,
// and holds none of the user's ciphertexts, which only the user's key opens.
// It returns the configuration paths of the secrets that need a value.
func (s *Sandbox) copyProject(o Options, work string) ([]string, error) {
	project, err := os.ReadFile(filepath.Join(o.Root, "Pulumi.yaml"))
	if err != nil {
		return nil, fmt.Errorf("read the project: %w", err)
	}
	if err := renameio.WriteFile(filepath.Join(work, "Pulumi.yaml"), project, 0o600); err != nil {
		return nil, err
	}
	name := "Pulumi." + o.Stack + ".yaml"
	settings, err := readYAML(filepath.Join(o.Root, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the configuration: there is no %s; copy Pulumi.staging.yaml and change it", name)
	}
	if err != nil {
		return nil, fmt.Errorf("read the configuration %s: %w", name, err)
	}
	for _, key := range []string{"secretsprovider", "encryptedkey", "encryptionsalt"} {
		delete(settings, key)
	}
	if last, err := readYAML(filepath.Join(work, name)); err == nil && last["encryptionsalt"] != nil {
		settings["encryptionsalt"] = last["encryptionsalt"]
	}
	config, _ := settings["config"].(map[string]any)
	if config == nil {
		return nil, fmt.Errorf("read the configuration %s: no `config:` section", name)
	}
	var secrets []string
	for key, value := range config {
		config[key] = withoutSecrets(key, value, &secrets)
	}
	config["gatehouse:sandbox"] = map[string]any{"awsEndpoint": s.AWSEndpoint, "kubeconfig": s.Kubeconfig, "accountId": s.AccountID}
	text, err := yaml.Marshal(settings)
	if err != nil {
		return nil, err
	}
	return secrets, renameio.WriteFile(filepath.Join(work, name), text, 0o600)
}

func readYAML(path string) (map[string]any, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	settings := map[string]any{}
	return settings, yaml.Unmarshal(text, &settings)
}

// withoutSecrets returns value without `secure:` entries and adds their paths
// to found.
func withoutSecrets(path string, value any, found *[]string) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	for key, inner := range object {
		if nested, ok := inner.(map[string]any); ok && nested["secure"] != nil && len(nested) == 1 {
			*found = append(*found, path+"."+key)
			delete(object, key)
			continue
		}
		object[key] = withoutSecrets(path+"."+key, inner, found)
	}
	return object
}

// setSecrets gives every secret of the configuration a made-up value, encrypted
// with the sandbox's own passphrase.
func (w *environment) setSecrets(ctx context.Context) error {
	if len(w.secrets) == 0 {
		return nil
	}
	values := auto.ConfigMap{}
	for _, path := range w.secrets {
		values[path] = auto.ConfigValue{Value: "sandbox", Secret: true}
	}
	if err := w.stack.SetAllConfigWithOptions(ctx, values, &auto.ConfigOptions{Path: true}); err != nil {
		return fmt.Errorf("set the sandbox's secrets: %w", shorten(err))
	}
	return nil
}

package crds

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const file = `# a comment {{- template }}
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.org
  labels: {app: '{{ .Release.Name }}'}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          description: gone
          type: object
          properties:
            description: {type: string, description: gone too}
            list:
              type: array
              items: {type: object, description: gone as well, default: {description: stays}}
    - {name: v1beta1, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}
`

func bundle(t *testing.T, text string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "crd.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	made, err := Bundle([]string{path})
	if err != nil {
		return "", err
	}
	out := filepath.Join(t.TempDir(), "bundle")
	require.NoError(t, os.WriteFile(out, made, 0o600))
	return out, nil
}

func TestBundleKeepsTheSchemaWithoutItsProse(t *testing.T) {
	path, err := bundle(t, file)
	require.NoError(t, err)
	definitions, err := readBundle(path)
	require.NoError(t, err)
	require.Len(t, definitions, 1)
	require.Empty(t, definitions[0].GetLabels())
	text, err := json.Marshal(definitions[0])
	require.NoError(t, err)
	require.NotContains(t, string(text), "gone")
	require.Contains(t, string(text), `"description":{"type":"string"}`)
	require.Contains(t, string(text), `"default":{"description":"stays"}`)
}

func TestBundleRefusesAFileWithoutDefinitions(t *testing.T) {
	_, err := bundle(t, "apiVersion: v1\nkind: ConfigMap\n")
	require.ErrorContains(t, err, "holds no CustomResourceDefinition")
	_, err = bundle(t, "{not yaml")
	require.Error(t, err)
}

func TestSeedIsEstablished(t *testing.T) {
	path, err := bundle(t, file)
	require.NoError(t, err)
	seed, err := Seed(path, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	require.NoError(t, err)
	text := seed["/registry/apiextensions.k8s.io/customresourcedefinitions/things.example.org"]
	var stored struct {
		Metadata struct {
			UID, CreationTimestamp string
			Annotations            map[string]string
		}
		Status struct {
			StoredVersions []string
			AcceptedNames  map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(text, &stored))
	require.NotEmpty(t, stored.Metadata.UID)
	require.Equal(t, "2026-01-02T03:04:05Z", stored.Metadata.CreationTimestamp)
	require.Equal(t, []string{"v1"}, stored.Status.StoredVersions)
	require.Equal(t, "Thing", stored.Status.AcceptedNames["kind"])

	// Load compares the same hash.
	definitions, err := readBundle(path)
	require.NoError(t, err)
	hash, err := hashOf(definitions[0])
	require.NoError(t, err)
	require.Equal(t, hash, stored.Metadata.Annotations[hashAnnotation])
}

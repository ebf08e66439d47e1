package config_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

type noResources struct{}

func (noResources) NewResource(pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return "", nil, errors.New("a configuration makes no resources")
}

func (noResources) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return nil, errors.New("a configuration calls nothing")
}

// engine is what the engine hands to a program.
type engine struct {
	values  map[string]string
	secrets []string
	root    string
}

// engineFor does with a stack file what the engine does: sections become
// JSON, ciphertexts become plain text and make their section secret.
func engineFor(t *testing.T, text string) engine {
	t.Helper()
	var file struct{ Config map[string]any }
	require.NoError(t, yaml.Unmarshal([]byte(text), &file))
	e := engine{values: map[string]string{}, root: t.TempDir()}
	for key, value := range file.Config {
		decrypted, secret := decrypt(value)
		encoded, err := json.Marshal(decrypted)
		require.NoError(t, err)
		e.values[key] = string(encoded)
		if text, isText := decrypted.(string); isText {
			e.values[key] = text
		}
		if secret {
			e.secrets = append(e.secrets, key)
		}
	}
	return e
}

func decrypt(value any) (any, bool) {
	object, isObject := value.(map[string]any)
	if !isObject {
		return value, false
	}
	if cipher, ok := object["secure"].(string); ok && len(object) == 1 {
		return "plain of " + cipher, true
	}
	secret := false
	for key, inner := range object {
		decrypted, innerSecret := decrypt(inner)
		object[key], secret = decrypted, secret || innerSecret
	}
	return object, secret
}

func (e engine) run(t *testing.T, body func(*pulumi.Context) error) error {
	t.Helper()
	return pulumi.RunErr(body, pulumi.WithMocks("gatehouse", "staging", noResources{}), func(info *pulumi.RunInfo) {
		info.Config, info.ConfigSecretKeys, info.RootDirectory = e.values, e.secrets, e.root
	})
}

func (e engine) read(t *testing.T) (c config.Config, err error) {
	t.Helper()
	runErr := e.run(t, func(ctx *pulumi.Context) error {
		c, err = config.FromPulumi(ctx, config.At(configtest.Today()))
		return nil
	})
	require.NoError(t, runErr)
	return c, err
}

func (e engine) withFile(t *testing.T, text string) engine {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(e.root, "Pulumi.staging.yaml"), []byte(text), 0o600))
	return e
}

func TestFromPulumiReadsWhatLoadReads(t *testing.T) {
	got, err := engineFor(t, baseFile(t, "staging")).read(t)
	require.NoError(t, err)
	want, err := config.Load("testdata/staging.yaml", config.At(configtest.Today()))
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// A mistake reads the same at plan time as in `config validate`.
func TestFromPulumiReportsLinesOfTheFile(t *testing.T) {
	text := strings.Replace(baseFile(t, "staging"), "replicas: 1\n", "replcas: 1\n", 1)
	text = strings.Replace(text, "10.20.9.0/24", "10.20.8.0/24", 1)
	_, want := config.Parse("Pulumi.staging.yaml", []byte(text), config.At(configtest.Today()))
	require.Error(t, want)
	_, err := engineFor(t, text).withFile(t, text).read(t)
	require.EqualError(t, err, want.Error())
}

func TestFromPulumiWithoutTheFileHasNoLines(t *testing.T) {
	text := strings.Replace(baseFile(t, "staging"), "replicas: 1\n", "replcas: 1\n", 1)
	_, err := engineFor(t, text).read(t)
	require.EqualError(t, err, `Pulumi.staging.yaml: gatehouse:data.postgres.replcas: unknown key; did you mean "replicas"?`)
}

// Values that came from elsewhere are not quoted with lines of the file.
func TestFromPulumiDistrustsAnotherFile(t *testing.T) {
	text := strings.Replace(baseFile(t, "staging"), "replicas: 1\n", "replcas: 1\n", 1)
	_, err := engineFor(t, text).withFile(t, baseFile(t, "staging")).read(t)
	require.EqualError(t, err, `Pulumi.staging.yaml:1:1: gatehouse:data.postgres.replcas: unknown key; did you mean "replicas"?`)
}

const withSecret = "      github-oauth:\n        initialValue: {secure: djE6hunter2}\n"

func TestSecretsStaySecret(t *testing.T) {
	text := strings.Replace(baseFile(t, "staging"), "      github-oauth:\n", withSecret, 1)
	e := engineFor(t, text).withFile(t, text)
	c, err := e.read(t)
	require.NoError(t, err)
	value := c.Foundation.Secrets["github-oauth"].InitialValue
	require.NotNil(t, value)
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %s %q %x", value, *value, *value, value, value, *value), "hunter2")
	shown, err := config.Document{Config: c}.YAML()
	require.NoError(t, err)
	require.Contains(t, string(shown), "[secret]")
	require.NotContains(t, string(shown), "hunter2")

	resolved := ""
	require.NoError(t, e.run(t, func(ctx *pulumi.Context) error {
		output := value.Output()
		require.True(t, pulumi.IsSecret(output))
		ctx.Export("value", output.ApplyT(func(text string) string { resolved = text; return text }))
		return nil
	}))
	require.Equal(t, "plain of djE6hunter2", resolved)
}

func TestPlainSecretBesideAnEncryptedOneIsRefused(t *testing.T) {
	text := strings.Replace(baseFile(t, "staging"), "      github-oauth:\n", withSecret, 1)
	text = strings.Replace(text, "      github-token:\n", "      github-token:\n        initialValue: hunter2\n", 1)
	_, want := config.Parse("Pulumi.staging.yaml", []byte(text), config.At(configtest.Today()))
	require.ErrorContains(t, want, "github-token.initialValue: must be a Pulumi secret")
	_, err := engineFor(t, text).withFile(t, text).read(t)
	require.EqualError(t, err, want.Error())
}

func TestEncryptedPlainValueIsRefusedAndNotQuoted(t *testing.T) {
	text := strings.Replace(baseFile(t, "staging"), "domain: portal.staging.example.com", "domain: {secure: djE6hunter2}", 1)
	_, err := engineFor(t, text).read(t)
	require.EqualError(t, err, "Pulumi.staging.yaml: gatehouse:edge: holds an encrypted value, but no secret belongs here; write it in plain text")
}

func TestSandboxSection(t *testing.T) {
	const section = `{"awsEndpoint":%q,"kubeconfig":%q,"accountId":"123456789012"}`
	cases := map[string]struct {
		endpoint, kubeconfig, want string
	}{
		"loopback":         {endpoint: "http://127.0.0.1:5000"},
		"loopback range":   {endpoint: "http://127.8.8.8:5000/"},
		"IPv6 loopback":    {endpoint: "http://[::1]:5000"},
		"localhost":        {endpoint: "http://localhost:5000"},
		"real AWS":         {endpoint: "https://rds.us-west-2.amazonaws.com", want: "awsEndpoint"},
		"https":            {endpoint: "https://127.0.0.1:5000", want: "awsEndpoint"},
		"look-alike":       {endpoint: "http://127.0.0.1.evil.com", want: "awsEndpoint"},
		"user":             {endpoint: "http://127.0.0.1@evil.com", want: "awsEndpoint"},
		"user at loopback": {endpoint: "http://evil.com@127.0.0.1", want: "awsEndpoint"},
		"any address":      {endpoint: "http://0.0.0.0:5000", want: "awsEndpoint"},
		"path":             {endpoint: "http://127.0.0.1:5000/proxy", want: "awsEndpoint"},
		"query":            {endpoint: "http://127.0.0.1:5000?to=evil", want: "awsEndpoint"},
		"not a URL":        {endpoint: "127.0.0.1:5000", want: "awsEndpoint"},
		"relative path":    {endpoint: "http://127.0.0.1:5000", kubeconfig: "kubeconfig", want: "kubeconfig"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if c.kubeconfig == "" {
				c.kubeconfig = "/tmp/kubeconfig"
			}
			e := engineFor(t, baseFile(t, "staging"))
			e.values["gatehouse:sandbox"] = fmt.Sprintf(section, c.endpoint, c.kubeconfig)
			got, err := e.read(t)
			if c.want != "" {
				require.ErrorContains(t, err, "gatehouse:sandbox."+c.want)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.endpoint, got.Sandbox.AWSEndpoint)
		})
	}
}

func TestValueThatIsNoMapping(t *testing.T) {
	e := engineFor(t, baseFile(t, "staging"))
	e.values["gatehouse:edge"] = "portal.example.com"
	_, err := e.read(t)
	require.ErrorContains(t, err, `gatehouse:edge: expected a mapping with domain`)
}

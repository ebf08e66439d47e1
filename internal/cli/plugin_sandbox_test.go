package cli

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/npm/npmtest"
	"gatehouse/sandbox"
	"gatehouse/sandbox/node"
	"gatehouse/sandbox/sandboxtest"
)

// exported puts an export with one malicious package into a bucket of the emulator.
func exported(t *testing.T, endpoint, bucket string) (ref string) {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	file, err := w.Create("MAL-1.json")
	require.NoError(t, err)
	_, err = fmt.Fprintf(file, `{"id": "MAL-1", "modified": %q, "affected": [{"package": {"ecosystem": "npm", "name": "evil-plugin"}, "versions": ["1.0.0"]}]}`,
		time.Now().UTC().Format(time.RFC3339))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	client := s3.New(s3.Options{
		Region: "us-west-2", BaseEndpoint: &endpoint, UsePathStyle: true, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
	_, err = client.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: &bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraintUsWest2},
	})
	require.NoError(t, err)
	_, err = client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: aws.String("npm/all.zip"), Body: bytes.NewReader(b.Bytes())})
	require.NoError(t, err)
	return "s3://" + bucket + "/npm/all.zip"
}

// With --sandbox the advisories are those of the emulator: the user's AWS is not
// asked, whatever the user's environment says.
func TestPluginVerifyInSandbox(t *testing.T) {
	s := newPluginScene(t, "")
	s.registry.Publish(npmtest.Package{Name: "plugin-a", Version: "1.0.0"})
	s.registry.Publish(npmtest.Package{Name: "evil-plugin", Version: "1.0.0"})
	ref := exported(t, sandboxtest.AWS(t), "verify-in-sandbox")
	var asked atomic.Int32
	users := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusForbidden)
	}))
	defer users.Close()
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"} {
		t.Setenv(name, users.URL)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "users")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "users")
	t.Setenv("AWS_REGION", "eu-central-1")
	verify := func(name string, more ...string) (int, string, string) {
		return inHere(t, "", append([]string{"plugin", "verify", name + "@1.0.0", "--advisories", ref}, more...)...)
	}

	code, stdout, _ := verify("plugin-a", "-s", "staging", "--sandbox")
	require.Equal(t, exitFindings, code, "a sandbox that was never up has nothing")
	require.Contains(t, stdout, "that cannot tell: 1")
	require.Contains(t, stdout, "was never up")

	s.file(".gatehouse/staging/sandbox/state.json", fmt.Sprintf(`{"ports": {"kube-apiserver": 1}, "aws": {"endpoint": %q}}`, sandboxtest.AWS(t)))
	code, stdout, stderr := verify("plugin-a", "-s", "staging", "--sandbox")
	require.Equal(t, exitOK, code, stdout+stderr)
	code, stdout, _ = verify("evil-plugin", "-s", "staging", "--sandbox")
	require.Equal(t, exitFindings, code)
	require.Contains(t, stdout, "MAL-1")
	require.Zero(t, asked.Load())

	code, stdout, _ = verify("plugin-a", "-s", "staging")
	require.Equal(t, exitFindings, code, "nor is what the sandbox has the user's")
	require.Contains(t, stdout, "that cannot tell: 1")
	require.Positive(t, asked.Load())

	for _, args := range [][]string{
		{"plugin", "verify", "plugin-a@1.0.0", "--sandbox", "--host", "host.json"},
		{"plugin", "history", "--trail", "trail", "--sandbox"},
	} {
		code, _, stderr = inHere(t, "", args...)
		require.Equal(t, exitError, code)
		require.Contains(t, stderr, "name it with -s")
	}
}

func TestUpTellsThatPluginsAreNotProved(t *testing.T) {
	said := func(plugins, output string, pretended ...string) (out, errs string) {
		newPluginScene(t, plugins)
		cmd, stdout, stderr := &cobra.Command{}, &bytes.Buffer{}, &bytes.Buffer{}
		cmd.SetOut(stdout)
		cmd.SetErr(stderr)
		f := operationFlags{stack: "staging", output: output, pretended: pretended}
		f.tellPretended(cmd)
		return stdout.String(), stderr.String()
	}
	out, errs := said("      packages: []\n", "text", "backstage", "certificates")
	require.Contains(t, out, "plugins     not proved: Backstage is not installed")
	require.Empty(t, errs)
	out, errs = said("      packages: []\n", "json", "backstage")
	require.Empty(t, out, "the result alone")
	require.Contains(t, errs, "not proved")
	for name, args := range map[string][]string{
		"Backstage runs":   {"      packages: []\n", "text", "certificates"},
		"not managed":      {"", "text", "backstage"},
		"not in a sandbox": {"      packages: []\n", "text"},
	} {
		out, errs = said(args[0], args[1], args[2:]...)
		require.Empty(t, out+errs, name)
	}
}

func TestAlertsThatFireInTheSandbox(t *testing.T) {
	with := sandbox.Status{Kubernetes: sandbox.Kubernetes{Pretended: node.Pretended(true)}}
	without := sandbox.Status{Kubernetes: sandbox.Kubernetes{Pretended: node.Pretended(false)}}
	require.Contains(t, toleratedAlerts(with), "PluginMaintenanceMissed")
	require.NotContains(t, toleratedAlerts(with), "PluginProbeAbsent", "Backstage runs, and says which plugins it has")
	require.Contains(t, toleratedAlerts(without), "PluginProbeAbsent")
}

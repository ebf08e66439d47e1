package sandbox

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyLoopbackEndpointsAreTaken(t *testing.T) {
	for endpoint, want := range map[string]string{
		"http://127.0.0.1:5000":                "http://127.0.0.1:5000",
		"http://127.0.0.1:5000/":               "http://127.0.0.1:5000",
		"https://localhost:4566":               "https://127.0.0.1:4566",
		"http://localhost":                     "http://127.0.0.1",
		"http://[::1]:5000":                    "http://[::1]:5000",
		"http://[::1]":                         "http://[::1]",
		"http://127.8.9.1:5000":                "http://127.8.9.1:5000",
		"http://[::ffff:127.0.0.1]:5000":       "http://[::ffff:127.0.0.1]:5000",
		"https://ec2.us-west-2.amazonaws.com":  "",
		"http://127.0.0.1.evil.example:5000":   "",
		"http://127.0.0.1@evil.example:5000":   "",
		"http://evil.example#127.0.0.1":        "",
		"http://evil.example?http://127.0.0.1": "",
		"http://localhost.evil.example":        "",
		"http://LOCALHOST.:80":                 "",
		"http://0.0.0.0:5000":                  "",
		"http://169.254.169.254":               "",
		"http://10.0.0.1:5000":                 "",
		"http://[::]:5000":                     "",
		"http://2130706433:5000":               "",
		"http://0x7f.1:5000":                   "",
		"http://127.1:5000":                    "",
		"http://127.0.0.1:5000/path":           "",
		"127.0.0.1:5000":                       "",
		"ftp://127.0.0.1":                      "",
		"http://":                              "",
		"http://127.0.0.1:port":                "",
		"moto":                                 "",
	} {
		got, err := LoopbackURL(endpoint)
		if want == "" {
			require.ErrorContains(t, err, "refuse AWS endpoint", endpoint)
			continue
		}
		require.NoError(t, err, endpoint)
		require.Equal(t, want, got)
	}
}

func TestEnvIsFakeAndNothingOfTheUsersWinsOverIt(t *testing.T) {
	status := Status{AWS: AWS{Endpoint: "http://127.0.0.1:1"}, Kubernetes: Kubernetes{Kubeconfig: "/k"}}
	env := status.Env("eu-west-1")
	require.Subset(t, env, []string{
		"KUBECONFIG=/k", "AWS_ENDPOINT_URL=http://127.0.0.1:1", "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1",
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_EC2_METADATA_DISABLED=true",
	})
	require.Equal(t, []string{"AWS_ENDPOINT_URL_S3", "AWS_PROFILE", "AWS_SESSION_TOKEN"},
		Unset([]string{"AWS_PROFILE=prod", "PATH=/bin", "AWS_SESSION_TOKEN=x", "AWS_ENDPOINT_URL_S3=https://s3.amazonaws.com", "AWS_ENDPOINT_URL=x"}))
}

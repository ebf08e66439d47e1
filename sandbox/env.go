package sandbox

import (
	"slices"
	"strings"

	"gatehouse/sandbox/emulator"
)

// Env returns the environment, as KEY=VALUE, that points the AWS and Kubernetes
// tools at the sandbox. The credentials are fakes, and neither the user's AWS
// files nor the machine's instance metadata are read. Variables of [Unset] must
// be removed beside it.
func (st Status) Env(region string) []string {
	return append([]string{"KUBECONFIG=" + st.Kubernetes.Kubeconfig}, emulator.Environment(st.AWS.Endpoint, region)...)
}

// Unset returns the names of variables in environ that would win over those of
// [Status.Env]: profiles, tokens, roles, and endpoints of single services.
func Unset(environ []string) []string {
	exact := []string{
		"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CA_BUNDLE",
		"AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
	}
	var names []string
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if slices.Contains(exact, name) || strings.HasPrefix(name, "AWS_ENDPOINT_URL_") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

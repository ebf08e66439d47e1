package aws

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/require"
)

// TestConfigureStaysOnThisMachine tries to make the stand-in talk to something else.
func TestConfigureStaysOnThisMachine(t *testing.T) {
	for name, c := range map[string]struct {
		in   map[string]any
		env  string
		want string // part of the error; empty when it is accepted
	}{
		"loopback address":        {in: map[string]any{"endpoints": `[{"ec2":"http://127.0.0.1:4000","rds":"http://127.0.0.1:4000"}]`}},
		"loopback of version 6":   {env: "http://[::1]:4000"},
		"localhost":               {env: "http://localhost:4000/"},
		"input wins":              {in: map[string]any{"endpoints": `[{"ec2":"http://127.0.0.1:4000"}]`}, env: "https://ec2.us-west-2.amazonaws.com"},
		"nothing":                 {want: "gatehouse sandbox env"},
		"real endpoint":           {env: "https://ec2.us-west-2.amazonaws.com", want: "is refused"},
		"real endpoint in plain":  {env: "http://ec2.us-west-2.amazonaws.com", want: "is refused"},
		"https to loopback":       {env: "https://127.0.0.1:4000", want: "is refused"},
		"name that looks like it": {env: "http://127.0.0.1.evil.com", want: "is refused"},
		"name below localhost":    {env: "http://localhost.evil.com:80", want: "is refused"},
		"user before host":        {env: "http://127.0.0.1:80@evil.com/", want: "is refused"},
		"user at loopback":        {env: "http://evil.com@127.0.0.1:80/", want: "is refused"},
		"any address":             {env: "http://0.0.0.0:4000", want: "is refused"},
		"private address":         {env: "http://10.0.0.1:4000", want: "is refused"},
		"metadata service":        {env: "http://169.254.169.254", want: "is refused"},
		"number as address":       {env: "http://2130706433:4000", want: "is refused"},
		"mapped real address":     {env: "http://[::ffff:10.0.0.1]:80", want: "is refused"},
		"path":                    {env: "http://127.0.0.1:4000/proxy/evil.com", want: "is refused"},
		"query":                   {env: "http://127.0.0.1:4000?x=http://evil.com", want: "is refused"},
		"no URL":                  {env: "127.0.0.1:4000", want: "read endpoint"},
		"one service elsewhere":   {in: map[string]any{"endpoints": `[{"ec2":"http://127.0.0.1:4000","rds":"https://rds.us-west-2.amazonaws.com"}]`}, want: "endpoints differ"},
		"profile":                 {in: map[string]any{"profile": "production"}, env: "http://127.0.0.1:4000", want: "profile is refused"},
		"assumed role":            {in: map[string]any{"assumeRole": `{"roleArn":"arn:aws:iam::1:role/x"}`}, env: "http://127.0.0.1:4000", want: "assumeRole is refused"},
		"proxy":                   {in: map[string]any{"httpProxy": "http://evil.com"}, env: "http://127.0.0.1:4000", want: "httpProxy is refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("AWS_ENDPOINT_URL", c.env)
			t.Setenv("AWS_REGION", "us-west-2")
			p := New("6.83.0").(*standIn)
			_, err := p.Configure(t.Context(), plugin.ConfigureRequest{Inputs: resource.NewPropertyMapFromMap(c.in)})
			if c.want == "" {
				require.NoError(t, err)
				require.NotNil(t, p.clients)
				return
			}
			require.ErrorContains(t, err, c.want)
			require.Nil(t, p.clients)
			_, err = p.Create(t.Context(), plugin.CreateRequest{URN: urnOf("aws:ec2/vpc:Vpc", "vpc")})
			require.ErrorContains(t, err, "no endpoint")
		})
	}
}

// TestClientNeverLeaves shows the second wall: whatever URL gets past Configure, the HTTP client refuses it.
func TestClientNeverLeaves(t *testing.T) {
	moved := httptest.NewServer(http.RedirectHandler("http://192.0.2.1/", http.StatusTemporaryRedirect))
	t.Cleanup(moved.Close)
	for name, c := range map[string]struct{ url, want string }{
		"redirect": {moved.URL, "redirect to http://192.0.2.1/ is refused"},
		"address":  {"http://192.0.2.1:80/", "connection to 192.0.2.1:80 is refused"},
		"metadata": {"http://169.254.169.254/", "connection to 169.254.169.254:80 is refused"},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url, nil)
			require.NoError(t, err)
			resp, err := loopbackClient().Do(req)
			if err == nil {
				resp.Body.Close()
			}
			require.ErrorContains(t, err, c.want)
		})
	}
	t.Run("proxy of the environment", func(t *testing.T) {
		t.Setenv("HTTP_PROXY", "http://192.0.2.1:3128")
		require.Nil(t, loopbackClient().Transport.(*http.Transport).Proxy)
	})
	t.Run("credentials of the environment", func(t *testing.T) {
		t.Setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "real")
		got, err := newClients("http://127.0.0.1:1", "us-west-2").EC2.Options().Credentials.Retrieve(t.Context())
		require.NoError(t, err)
		require.Equal(t, "sandbox", got.AccessKeyID)
	})
}

func TestCheckConfigRefusesUnknownInput(t *testing.T) {
	out, err := New("6.83.0").CheckConfig(t.Context(), plugin.CheckConfigRequest{News: resource.NewPropertyMapFromMap(map[string]any{"regoin": "us-west-2"})})
	require.NoError(t, err)
	require.Len(t, out.Failures, 1)
	require.Contains(t, out.Failures[0].Reason, `did you mean "region"?`)
}

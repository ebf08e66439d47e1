package aws

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/require"
)

// TestACacheUsersPasswordIsNotShown looks for the password in all that the stand-in tells of the user.
func TestACacheUsersPasswordIsNotShown(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the AWS API emulator; run make test")
	}
	const first, second = "not-a-real-password", "another-unreal-password"
	p := configured(t, emulatorFor(t))
	with := func(password string) props {
		return props{
			"userId": "hushed", "userName": "hushed", "engine": "redis", "accessString": "on -@all +ping",
			"authenticationMode": props{"type": "password", "passwords": []any{password}},
		}
	}
	m := world{}.create(t, p, sample{token: "aws:elasticache/user:User", name: "hushed", in: with(first)})
	concealed := func(properties resource.PropertyMap) {
		t.Helper()
		require.True(t, properties["authenticationMode"].IsSecret())
		for name, value := range properties {
			if !value.IsSecret() {
				require.NotContains(t, fmt.Sprint(value.Mappable()), "real-password", name)
			}
		}
	}
	concealed(m.out)
	concealed(observe(t, p, m).Outputs)

	in := check(t, p, m.urn, m.in, with(second))
	diff, err := p.Diff(t.Context(), plugin.DiffRequest{URN: m.urn, ID: m.id, OldInputs: m.in, OldOutputs: m.out, NewInputs: in})
	require.NoError(t, err)
	require.Equal(t, plugin.DiffSome, diff.Changes)
	require.False(t, diff.Replace(), "a new password keeps the user")
	require.NotContains(t, fmt.Sprintf("%+v", diff), "real-password")
	out, err := p.Update(t.Context(), plugin.UpdateRequest{URN: m.urn, ID: m.id, OldInputs: m.in, OldOutputs: m.out, NewInputs: in})
	require.NoError(t, err)
	concealed(out.Properties)
}

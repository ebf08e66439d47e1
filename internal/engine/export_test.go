package engine

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

func TestPublicOutputsLeaveSecretsOut(t *testing.T) {
	require.Equal(t, resource.SigKey, secretSignature)
	outputs, err := publicOutputs([]byte(`{"resources": [
	  {"type": "aws:s3/bucket:Bucket", "outputs": {"name": "not the stack's"}},
	  {"type": "pulumi:pulumi:Stack", "outputs": {
	    "vpcId": "vpc-1", "zones": ["a", "b"],
	    "password": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": "\"x\""}}}]}`))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"vpcId": "vpc-1", "zones": []any{"a", "b"}}, outputs)

	outputs, err = publicOutputs([]byte(`{}`))
	require.NoError(t, err)
	require.Empty(t, outputs)
	_, err = publicOutputs([]byte(`{"resources": 1}`))
	require.Error(t, err)
}

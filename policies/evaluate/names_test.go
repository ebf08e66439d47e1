package evaluate

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"gatehouse/policies/pack"
)

// Rego sees a number for each name, the same one for the same name, and what it
// says has the names again.
func TestNumbered(t *testing.T) {
	n := &names{}
	see := func(kind pack.Name, text string) string {
		return n.numbered(kind, resource.NewStringProperty(text)).StringValue()
	}
	require.Equal(t, "\ue000", see(pack.Whole, "portal"))
	require.Equal(t, "\ue001", see(pack.Whole, "other"))
	require.Equal(t, "\ue000", see(pack.Whole, "portal"))
	for _, word := range []string{"", "default", "auto"} {
		require.Equal(t, word, see(pack.Whole, word))
		require.Equal(t, word, see(pack.Image, word))
	}
	require.Equal(t, "\ue000:1.2@sha256:0", see(pack.Image, "portal:1.2@sha256:0"))
	require.Equal(t, "\ue002", see(pack.Image, "r.io:5000/a/b"))
	require.Equal(t, "\ue002:1", see(pack.Image, "r.io:5000/a/b:1"))
	require.Equal(t, "\ue003:1", see(pack.Image, "localhost/a:1"))
	require.Equal(t, "a/b:1/c", see(pack.Image, "a/b:1/c"), "a number before it would be a host")
	require.Equal(t, "image r.io:5000/a/b:1 beside portal, \ue0ff", n.named("image \ue002:1 beside \ue000, \ue0ff"))
	see(pack.Whole, `x"y`)
	require.Equal(t, `["portal" "x\"y" "\ue0ff"]`, n.named(`["\ue000" "\ue004" "\ue0ff"]`), "as Rego quotes what is in a list")
	require.True(t, n.misused([]any{map[string]any{"path": []any{`["\ue000"]`}}}))

	number := resource.NewNumberProperty(1)
	require.Equal(t, number, n.numbered(pack.Whole, number))
}

// A resource that has characters of ours keeps all of its names.
func TestNumberedPlain(t *testing.T) {
	require.False(t, newDocument(resource.PropertyMap{"a": resource.NewStringProperty("ä")}).numbers)
	for _, m := range []fields{{"a": "\ue000"}, {"a": `\ue000`}, {"a": []any{fields{"\ue001": 1}}}} {
		require.True(t, newDocument(resource.NewPropertyMapFromMap(m)).numbers)
	}
	n := &names{plain: true}
	name := resource.NewStringProperty("portal")
	require.Equal(t, name, n.numbered(pack.Whole, name))
	require.Equal(t, "image \ue000", n.named("image \ue000"))
}

// Past the last number names are seen as they are.
func TestNumberedMany(t *testing.T) {
	n := &names{texts: make([]string, lastNumber-firstNumber)}
	require.Equal(t, string(lastNumber), n.numbered(pack.Whole, resource.NewStringProperty("last")).StringValue())
	require.Equal(t, "more", n.numbered(pack.Whole, resource.NewStringProperty("more")).StringValue())
}

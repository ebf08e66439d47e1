package cli

import (
	"errors"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// What the policies find in a preview does not hide what broke it.
func TestRefuseTellsWhatBrokeThePreview(t *testing.T) {
	cmd := &cobra.Command{}
	cmd.SetErr(t.Output())
	require.ErrorIs(t, (&judged{}).refuse(cmd), errFindings)
	broken := errors.New("read the configuration: no such key")
	require.Equal(t, broken, (&judged{broken: broken}).refuse(cmd))
}

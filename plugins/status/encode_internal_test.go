package status

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// What an installer wrote that knew of no look is whole.
func TestAStatusWithoutALook(t *testing.T) {
	data, err := encode(Status{Phase: Proved, Generation: "1-aa", LastGood: Good{Generation: "1-aa", Request: json.RawMessage("{}")}})
	require.NoError(t, err)
	delete(data, keyCheck)
	data[keyDigest] = digest(data)
	read, err := decode(data)
	require.NoError(t, err)
	require.Equal(t, Proved, read.Phase)
}

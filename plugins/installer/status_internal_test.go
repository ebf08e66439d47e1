package installer

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/install"
	"gatehouse/plugins/status"
)

// A set that cannot be read is as none: the next proof writes it anew, and nobody is
// kept from installing until somebody deletes a ConfigMap.
func TestTheLastGoodSet(t *testing.T) {
	of := func(request string) *install.SetRequest {
		return lastGood(status.Status{LastGood: status.Good{Generation: "1-aa", Request: json.RawMessage(request)}})
	}
	require.Equal(t, &install.SetRequest{Plugins: []install.Plugin{}, Keep: 5}, of(`{"plugins":[],"keep":5}`))
	for _, unreadable := range []string{``, `null`, `{"plugins":1}`, `{"plugins":[],"keep":5,"ofLater":true}`, `{"plugins":[{"name":"../evil","version":"1.0.0","strategy":"dynamic"}],"keep":1}`} {
		require.Nil(t, of(unreadable), unreadable)
	}
	require.Nil(t, lastGood(status.Status{}))
}

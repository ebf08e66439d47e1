package redis

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
)

func TestMembers(t *testing.T) {
	for line, want := range map[string]evidence.RedisMember{
		"a 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-5460 [93-<-b] 7": {ID: "a", Address: "10.0.0.1:6379", Primary: true, Slots: 5462},
		"b 10.0.0.2:6379@16379,node-2.example.com master,fail? - 0 0 1 connected": {ID: "b", Address: "node-2.example.com:6379", Primary: true, Failed: true},
		"c :6379@16379 myself,slave a 0 0 1 connected":                            {ID: "c", Address: "seed:6379", Of: "a"},
		"d 10.0.0.4:6379@16379,,tls-port=0,shard-id=x slave a 0 0 1 disconnected": {ID: "d", Address: "10.0.0.4:6379", Of: "a"},
		"e :0@0 master,noaddr - 0 0 1 disconnected":                               {ID: "e", Primary: true},
		"f [::1]:6379@16379 slave,fail a 0 0 1 connected":                         {ID: "f", Address: "[::1]:6379", Of: "a", Failed: true},
		"g 10.0.0.7:6379@16379 handshake - 0 0 0 connected":                       {ID: "g"},
	} {
		got, ok := parseMember(line, "seed")
		require.True(t, ok, line)
		require.Equal(t, want, got, line)
	}
	for _, line := range []string{"", "OK", "a b c d e f g h"} {
		_, ok := parseMember(line, "seed")
		require.False(t, ok, line)
	}
}

func TestAgesAreByTheNodesClock(t *testing.T) {
	i := parseInfo("# Server\r\nserver_time_usec:100000000\r\nrdb_last_save_time:40\r\nrole:slave\r\nslave_repl_offset:9\r\nmaster_repl_offset:8\r\n")
	node := i.node("a")
	require.InDelta(t, 60, node.SnapshotSecondsAgo, 0.001)
	require.EqualValues(t, 9, node.Offset)
	require.False(t, node.Primary || node.LinkUp || node.AppendOK)
}

package data

import (
	"context"
	"strings"

	"github.com/redis/go-redis/v9"

	"gatehouse/sandbox/process"
)

// peer is a line of CLUSTER NODES.
type peer struct {
	id, address string
	flags       []string
	primary     string // the ID of who it follows, "" for a primary
	slots       []string
	connected   bool
}

func (p peer) has(flag string) bool {
	for _, f := range p.flags {
		if f == flag {
			return true
		}
	}
	return false
}

// fails says whether it is thought to be gone, or not known well enough.
func (p peer) fails() bool {
	return p.has("fail") || p.has("fail?") || p.has("handshake") || p.has("noaddr") || !p.connected
}

// replaced says whether another node lives at its address now.
func (p peer) replaced(at map[string]peer) bool {
	now, taken := at[p.address]
	return p.has("noaddr") || p.fails() && !p.has("handshake") && taken && now.id != p.id
}

// view is what a node knows of all.
func view(ctx context.Context, client *redis.Client) ([]peer, error) {
	text, err := client.ClusterNodes(ctx).Result()
	if err != nil {
		return nil, err
	}
	var peers []peer
	for line := range strings.Lines(text) {
		// id ip:port@bus,… flags primary ping pong epoch link slot…
		fields := strings.Fields(line)
		if len(fields) < 8 {
			continue
		}
		p := peer{id: fields[0], flags: strings.Split(fields[2], ","), slots: fields[8:], connected: fields[7] == "connected"}
		p.address, _, _ = strings.Cut(fields[1], "@")
		if fields[3] != "-" {
			p.primary = fields[3]
		}
		peers = append(peers, p)
	}
	return peers, nil
}

// mend takes one step of one node towards a whole cluster.
func (c cluster) mend(ctx context.Context, client *redis.Client, i int, known []peer) error {
	at, byID := map[string]peer{}, map[string]peer{}
	for _, p := range known {
		byID[p.id] = p
		if !p.fails() {
			at[p.address] = p
		}
	}
	for _, other := range c.nodes {
		if _, knows := at[other.address()]; !knows && other.name != c.nodes[i].name {
			if err := client.Do(ctx, "CLUSTER", "MEET", process.Loopback, other.Ports[other.name], other.Ports[other.name+busSuffix]).Err(); err != nil {
				return err
			}
		}
	}
	for _, p := range known {
		// A primary that nobody has replaced yet is still needed for the vote.
		if p.replaced(at) && len(p.slots) == 0 {
			_ = client.ClusterForget(ctx, p.id) // refused while this node follows it
		}
	}
	me := at[c.nodes[i].address()]
	if gone, follows := byID[me.primary]; follows && gone.replaced(at) {
		// Nobody votes on a node whose address is another's: it is not asked
		// any more, so that it never fails.
		return client.Do(ctx, "CLUSTER", "FAILOVER", "TAKEOVER").Err()
	}
	if me.primary != "" || len(me.slots) > 0 || len(at) != len(c.nodes) {
		return nil
	}
	if lacking := withoutReplica(at); lacking != "" {
		return client.ClusterReplicate(ctx, lacking).Err()
	}
	return nil
}

// withoutReplica is the ID of a primary that nobody follows, or "".
func withoutReplica(at map[string]peer) string {
	followed := map[string]bool{}
	for _, p := range at {
		followed[p.primary] = true
	}
	for _, p := range at {
		if len(p.slots) > 0 && !followed[p.id] {
			return p.id
		}
	}
	return ""
}

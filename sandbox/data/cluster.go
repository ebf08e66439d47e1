package data

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"gatehouse/sandbox/process"
)

const (
	// slots of a Redis cluster (Redis, "Redis cluster specification").
	slots = 16384
	// mendLimit is how long a cluster may take to become whole by itself: a
	// replica that takes over, nodes that meet again.
	mendLimit = 15 * time.Second
)

// cluster is the nodes of a Redis cluster. The first half are its primaries when
// it is made; later, any may be.
type cluster struct{ nodes []node }

// members are connections to all nodes, in their order.
type members []*redis.Client

// join makes the nodes one cluster. One that is whole stays as it is; one that
// does not become whole is made anew, without its data.
func (c cluster) join(ctx context.Context) error {
	var all members
	defer func() {
		for _, client := range all {
			_ = client.Close()
		}
	}()
	for _, n := range c.nodes {
		client, err := n.client()
		if err != nil {
			return err
		}
		all = append(all, client)
	}
	if all.empty(ctx) {
		return c.create(ctx, all)
	}
	limited, cancel := context.WithTimeout(ctx, mendLimit)
	defer cancel()
	if err := await(limited, "the Redis cluster to be whole", func(ctx context.Context) error { return c.whole(ctx, all, true) }); err == nil || ctx.Err() != nil {
		return err
	}
	if err := all.each(ctx, func(ctx context.Context, _ int, client *redis.Client) error {
		_ = client.FlushAll(ctx) // a replica refuses, and forgets its data anyway
		return client.ClusterResetHard(ctx).Err()
	}); err != nil {
		return fmt.Errorf("reset the Redis cluster: %w", err)
	}
	return c.create(ctx, all)
}

// empty says whether no node has slots or knows another.
func (all members) empty(ctx context.Context) bool {
	return all.each(ctx, func(ctx context.Context, _ int, client *redis.Client) error {
		known, err := view(ctx, client)
		if err == nil && (len(known) > 1 || len(known) == 1 && len(known[0].slots) > 0) {
			err = errors.New("not empty")
		}
		return err
	}) == nil
}

// each asks all nodes at the same time.
func (all members) each(ctx context.Context, do func(context.Context, int, *redis.Client) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for i, client := range all {
		group.Go(func() error { return do(ctx, i, client) })
	}
	return group.Wait()
}

// create gives the slots to the primaries, and each a replica.
func (c cluster) create(ctx context.Context, all members) error {
	err := all.each(ctx, func(ctx context.Context, i int, client *redis.Client) error {
		// Epochs that differ from the start need not be agreed on. A node that
		// has one keeps it.
		_ = client.Do(ctx, "CLUSTER", "SET-CONFIG-EPOCH", i+1)
		if i >= shards {
			return nil
		}
		return client.Do(ctx, "CLUSTER", "ADDSLOTSRANGE", i*slots/shards, (i+1)*slots/shards-1).Err()
	})
	if err != nil {
		return fmt.Errorf("share out the slots of the Redis cluster: %w", err)
	}
	if err := c.meet(ctx, all); err != nil {
		return err
	}
	ids := make([]string, len(all))
	if err := all.each(ctx, func(ctx context.Context, i int, client *redis.Client) (err error) {
		ids[i], err = client.Do(ctx, "CLUSTER", "MYID").Text()
		return err
	}); err != nil {
		return fmt.Errorf("ask the Redis nodes who they are: %w", err)
	}
	err = all.each(ctx, func(ctx context.Context, i int, client *redis.Client) error {
		if i < shards {
			return nil
		}
		return await(ctx, c.nodes[i].name+" to know its primary", func(ctx context.Context) error {
			return client.ClusterReplicate(ctx, ids[i-shards]).Err()
		})
	})
	if err != nil {
		return err
	}
	return await(ctx, "the Redis cluster to be whole", func(ctx context.Context) error { return c.whole(ctx, all, false) })
}

// meet makes every node know every other, which gossip would do too, but slowly.
func (c cluster) meet(ctx context.Context, all members) error {
	err := all.each(ctx, func(ctx context.Context, i int, client *redis.Client) error {
		for _, other := range c.nodes[i+1:] {
			if err := client.Do(ctx, "CLUSTER", "MEET", process.Loopback, other.Ports[other.name], other.Ports[other.name+busSuffix]).Err(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("join the Redis nodes: %w", err)
	}
	return nil
}

// whole checks that every node sees all slots served, and a replica for each. On
// the way it can mend: nodes that do not know each other meet, those that are no
// more are forgotten, and an empty primary becomes the replica that lacks.
func (c cluster) whole(ctx context.Context, all members, mend bool) error {
	return all.each(ctx, func(ctx context.Context, i int, client *redis.Client) error {
		known, err := view(ctx, client)
		if err != nil {
			return err
		}
		if mend {
			if err := c.mend(ctx, client, i, known); err != nil {
				return err
			}
		}
		state, err := client.ClusterInfo(ctx).Result()
		if err != nil {
			return err
		}
		if !strings.Contains(state, "cluster_state:ok") || !strings.Contains(state, fmt.Sprintf("cluster_slots_ok:%d", slots)) {
			return fmt.Errorf("%s does not see all slots served", c.nodes[i].name)
		}
		if err := c.complete(c.nodes[i].name, known); err != nil {
			return err
		}
		replication, err := client.Info(ctx, "replication").Result()
		if err == nil && strings.Contains(replication, "role:slave") && !strings.Contains(replication, "master_link_status:up") {
			err = fmt.Errorf("%s has no copy yet", c.nodes[i].name)
		}
		return err
	})
}

// complete checks one node's view.
func (c cluster) complete(name string, known []peer) error {
	following := map[string]int{}
	leading, healthy := 0, 0
	for _, p := range known {
		if p.fails() {
			continue
		}
		healthy++
		switch {
		case p.primary != "":
			following[p.primary]++
		case len(p.slots) > 0:
			leading++
		}
	}
	if healthy != len(c.nodes) || leading != shards || len(following) != shards {
		return fmt.Errorf("%s knows %d nodes, %d primaries, %d of them with replicas", name, healthy, leading, len(following))
	}
	return nil
}

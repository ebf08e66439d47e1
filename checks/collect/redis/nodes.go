package redis

import (
	"bufio"
	"context"
	"errors"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gatehouse/checks/evidence"
)

func (c *Collector) nodes() evidence.Reader {
	return evidence.Read(evidence.RedisNodes, "INFO of every node", func(ctx context.Context) ([]evidence.RedisNode, error) {
		addresses, err := c.addresses(ctx)
		if err != nil {
			return nil, err
		}
		return each(addresses, func(address string) ([]evidence.RedisNode, error) {
			said, err := c.text(ctx, address, "INFO")
			if errors.Is(err, syscall.ECONNREFUSED) {
				return []evidence.RedisNode{{Address: address, Refused: true}}, nil
			}
			if err != nil {
				return nil, err
			}
			i := parseInfo(said)
			if i["redis_version"] == "" {
				return nil, evidence.Problem{Kind: evidence.Invalid, Message: address + " answers INFO without a version"}
			}
			return []evidence.RedisNode{i.node(address)}, nil
		})
	})
}

func (c *Collector) clusters() evidence.Reader {
	return evidence.Read(evidence.RedisClusters, "CLUSTER INFO of every node", func(ctx context.Context) ([]evidence.RedisClusterState, error) {
		if c.target.Sentinel != "" {
			return []evidence.RedisClusterState{}, nil
		}
		addresses, err := c.addresses(ctx)
		if err != nil {
			return nil, err
		}
		return each(addresses, func(address string) ([]evidence.RedisClusterState, error) {
			said, err := c.text(ctx, address, "CLUSTER", "INFO")
			if err != nil {
				return nil, err
			}
			i := parseInfo(said)
			if i["cluster_state"] == "" {
				return nil, evidence.Problem{Kind: evidence.Invalid, Message: address + " answers CLUSTER INFO without a state"}
			}
			return []evidence.RedisClusterState{{
				Address: address, OK: i["cluster_state"] == "ok",
				Assigned: int(i.number("cluster_slots_assigned")), Serving: int(i.number("cluster_slots_ok")),
				Suspect: int(i.number("cluster_slots_pfail")), Failing: int(i.number("cluster_slots_fail")),
				Known: int(i.number("cluster_known_nodes")), Shards: int(i.number("cluster_size")),
			}}, nil
		})
	})
}

// info is what INFO and CLUSTER INFO say: a line a figure.
type info map[string]string

func parseInfo(text string) info {
	i := info{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		if name, value, is := strings.Cut(lines.Text(), ":"); is {
			i[name] = strings.TrimSpace(value)
		}
	}
	return i
}

func (i info) number(name string) int64 {
	n, _ := strconv.ParseInt(i[name], 10, 64)
	return n
}

func (i info) node(address string) evidence.RedisNode {
	n := evidence.RedisNode{
		Address: address, Primary: i["role"] == "master", Version: i["redis_version"], Loading: i["loading"] == "1",
		UsedBytes: i.number("used_memory"), MaxBytes: i.number("maxmemory"), PeakBytes: i.number("used_memory_peak"),
		Policy: i["maxmemory_policy"], Evicted: i.number("evicted_keys"),
		AppendOnly: i["aof_enabled"] == "1", AppendOK: i["aof_last_write_status"] == "ok", RewriteOK: i["aof_last_bgrewrite_status"] == "ok",
		SnapshotOK: i["rdb_last_bgsave_status"] == "ok", Changes: i.number("rdb_changes_since_last_save"),
		LinkUp: i["master_link_status"] == "up", LinkSeconds: float64(i.number("master_last_io_seconds_ago")), Syncing: i["master_sync_in_progress"] == "1",
		Offset: i.number("master_repl_offset"),
	}
	if !n.Primary {
		n.Offset = i.number("slave_repl_offset")
	}
	n.Fragmentation, _ = strconv.ParseFloat(i["mem_fragmentation_ratio"], 64)
	// Both by the node's own clock.
	if now, saved := i.number("server_time_usec"), i.number("rdb_last_save_time"); now > 0 && saved > 0 {
		n.SnapshotSecondsAgo = max(0, (time.Duration(now)*time.Microsecond - time.Duration(saved)*time.Second).Seconds())
	}
	return n
}

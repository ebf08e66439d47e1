package redis

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"

	"gatehouse/checks/evidence"
)

// sentinel sends a command to a sentinel. Sentinels have logins of their own,
// and often none: one that refuses ours is asked without.
func (c *Collector) sentinel(ctx context.Context, address string, words ...any) (any, error) {
	words = append([]any{"SENTINEL"}, words...)
	cmd, err := c.do(ctx, door{address: address}, words...)
	var p evidence.Problem
	if errors.As(err, &p) && p.Kind == evidence.Denied {
		if open, again := c.do(ctx, door{address: address, anonymous: true}, words...); again == nil {
			cmd, err = open, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return cmd.Val(), nil
}

// watched reads a primary and its replicas from one sentinel.
func (c *Collector) watched(ctx context.Context, address string) ([]evidence.RedisMember, error) {
	answer, err := c.sentinel(ctx, address, "MASTER", c.target.Sentinel)
	if err != nil {
		return nil, err
	}
	primary := pairs(answer)
	if primary["ip"] == "" {
		return nil, evidence.Problem{Kind: evidence.Invalid, Message: address + " names no primary " + c.target.Sentinel}
	}
	head := sentinelMember(primary)
	head.Primary = true
	members := []evidence.RedisMember{head}
	answer, err = c.sentinel(ctx, address, "REPLICAS", c.target.Sentinel)
	if err != nil {
		return nil, err
	}
	list, _ := answer.([]any)
	for _, each := range list {
		member := sentinelMember(pairs(each))
		member.Of = head.ID
		members = append(members, member)
	}
	return members, nil
}

func sentinelMember(p map[string]string) evidence.RedisMember {
	address := net.JoinHostPort(p["ip"], p["port"])
	return evidence.RedisMember{ID: address, Address: address, Failed: isDown(p["flags"])}
}

func isDown(flags string) bool {
	return strings.Contains(flags, "_down") || strings.Contains(flags, "disconnected")
}

func (c *Collector) sentinels() evidence.Reader {
	asked := "SENTINEL MASTER " + c.target.Sentinel + "; SENTINEL CKQUORUM " + c.target.Sentinel
	return evidence.Read(evidence.RedisSentinels, asked, func(ctx context.Context) ([]evidence.RedisSentinel, error) {
		if c.target.Sentinel == "" {
			return []evidence.RedisSentinel{}, nil
		}
		return each(c.target.Addresses, func(address string) ([]evidence.RedisSentinel, error) {
			answer, err := c.sentinel(ctx, address, "MASTER", c.target.Sentinel)
			if err != nil {
				return nil, err
			}
			p := pairs(answer)
			s := evidence.RedisSentinel{Address: address, Primary: net.JoinHostPort(p["ip"], p["port"]), Down: isDown(p["flags"])}
			s.Quorum, _ = strconv.Atoi(p["quorum"])
			s.Others, _ = strconv.Atoi(p["num-other-sentinels"])
			s.Replicas, _ = strconv.Atoi(p["num-slaves"])
			said, err := c.sentinel(ctx, address, "CKQUORUM", c.target.Sentinel)
			var problem evidence.Problem
			switch {
			case err == nil:
				s.Reachable, s.Answer = true, text(said)
			case errors.As(err, &problem) && strings.Contains(problem.Message, "NOQUORUM"):
				s.Answer = problem.Message[strings.Index(problem.Message, "NOQUORUM"):]
			default:
				return nil, err
			}
			return []evidence.RedisSentinel{s}, nil
		})
	})
}

// pairs reads a list of names and values.
func pairs(answer any) map[string]string {
	found := map[string]string{}
	list, _ := answer.([]any)
	for i := 0; i+1 < len(list); i += 2 {
		found[text(list[i])] = text(list[i+1])
	}
	return found
}

func text(value any) string {
	said, _ := value.(string)
	return said
}

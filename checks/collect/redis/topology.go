package redis

import (
	"bufio"
	"context"
	"net"
	"slices"
	"strconv"
	"strings"

	"gatehouse/checks/evidence"
)

func (c *Collector) topology() evidence.Reader {
	asked := "CLUSTER NODES"
	if c.target.Sentinel != "" {
		asked = "SENTINEL MASTER " + c.target.Sentinel + "; SENTINEL REPLICAS " + c.target.Sentinel
	}
	return evidence.Read(evidence.RedisTopology, asked, c.find)
}

// find asks for the topology once a collector; what failed is asked again.
func (c *Collector) find(ctx context.Context) (evidence.RedisMap, error) {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return evidence.RedisMap{}, c.problem(c.target.Addresses[0], ctx.Err())
	}
	defer func() { <-c.turn }()
	if c.known != nil {
		return *c.known, nil
	}
	ask := c.cluster
	if c.target.Sentinel != "" {
		ask = c.watched
	}
	members, err := first(ctx, c.target.Addresses, ask)
	found := evidence.RedisMap{Sentinel: c.target.Sentinel != "", Managed: c.target.Managed, Members: members}
	if err == nil {
		c.known = &found
	}
	return found, err
}

// addresses are those of all nodes.
func (c *Collector) addresses(ctx context.Context) ([]string, error) {
	found, err := c.find(ctx)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, member := range found.Members {
		all = append(all, member.Address)
	}
	return all, nil
}

// cluster reads CLUSTER NODES of one node.
func (c *Collector) cluster(ctx context.Context, address string) ([]evidence.RedisMember, error) {
	text, err := c.text(ctx, address, "CLUSTER", "NODES")
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(address)
	var members []evidence.RedisMember
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		member, ok := parseMember(lines.Text(), host)
		if !ok {
			return nil, evidence.Problem{Kind: evidence.Invalid, Message: address + " answers CLUSTER NODES with a line that is none"}
		}
		if member.Address != "" {
			members = append(members, member)
		}
	}
	if len(members) == 0 {
		return nil, evidence.Problem{Kind: evidence.Invalid, Message: address + " knows no node, not even itself"}
	}
	return members, nil
}

// parseMember reads a line of CLUSTER NODES (Redis, "CLUSTER NODES"):
//
//	id ip:port@bus[,hostname] flags primary ping pong epoch link slot…
//
// Seed is the host that was asked: a node that has met nobody does not know its
// own. A node without an address is about to be forgotten and has none here.
func parseMember(line, seed string) (evidence.RedisMember, bool) {
	fields := strings.Fields(line)
	if len(fields) < 8 {
		return evidence.RedisMember{}, false
	}
	flags := strings.Split(fields[2], ",")
	m := evidence.RedisMember{
		ID: fields[0], Primary: slices.Contains(flags, "master"),
		Failed: slices.Contains(flags, "fail") || slices.Contains(flags, "fail?"),
	}
	if !m.Primary && fields[3] != "-" {
		m.Of = fields[3]
	}
	where, hostname, _ := strings.Cut(fields[1], ",")
	hostname, _, _ = strings.Cut(hostname, ",")
	where, _, _ = strings.Cut(where, "@")
	at := strings.LastIndexByte(where, ':')
	if at < 0 {
		return m, false
	}
	host, port := strings.Trim(where[:at], "[]"), where[at+1:]
	if hostname != "" && hostname != "?" {
		host = hostname
	}
	if host == "" && slices.Contains(flags, "myself") {
		host = seed
	}
	if host != "" && !slices.Contains(flags, "noaddr") && !slices.Contains(flags, "handshake") {
		m.Address = net.JoinHostPort(host, port)
	}
	for _, slots := range fields[8:] {
		m.Slots += span(slots)
	}
	return m, true
}

// span counts the slots of "0-5460" or "7"; those that are on their way are in
// brackets and counted where they are.
func span(text string) int {
	if strings.HasPrefix(text, "[") {
		return 0
	}
	from, to, isRange := strings.Cut(text, "-")
	low, err := strconv.Atoi(from)
	if err != nil {
		return 0
	}
	high := low
	if isRange {
		if high, err = strconv.Atoi(to); err != nil {
			return 0
		}
	}
	return high - low + 1
}

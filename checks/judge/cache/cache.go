// Package cache judges Redis by what its nodes and sentinels say of themselves.
// What ElastiCache says of a replication group, such as snapshots and failover,
// is judged elsewhere, by AWS's evidence.
package cache

import (
	"net"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// Checkers are those of this package.
func Checkers() []judge.Checker {
	return []judge.Checker{
		reachable, version, clusterServes, sentinelQuorum, replicas,
		memoryLimit, evictionPolicy, appendOnly, snapshots, backupAge, authentication,
	}
}

// running reads the nodes that are up and done with loading their data: before
// that, their figures say nothing.
func running(c *judge.Case) []evidence.RedisNode {
	var up []evidence.RedisNode
	for _, node := range judge.Read(c, evidence.RedisNodes) {
		switch {
		case node.Refused:
			c.Unknown("%s refuses connections; start the node, or correct the address", node.Address)
			continue
		case node.Loading:
			c.Unknown("%s is still loading its data", node.Address)
			continue
		}
		up = append(up, node)
	}
	return up
}

// byAddress finds a node's figures.
func byAddress(nodes []evidence.RedisNode) map[string]evidence.RedisNode {
	of := map[string]evidence.RedisNode{}
	for _, node := range nodes {
		of[node.Address] = node
	}
	return of
}

// together tells whether two nodes stand on one host that is not the machine of
// the checks, where all of a sandbox is.
func together(a, b string) bool {
	x, _, _ := net.SplitHostPort(a)
	y, _, _ := net.SplitHostPort(b)
	ip := net.ParseIP(x)
	return x == y && (ip == nil || !ip.IsLoopback()) && x != "localhost"
}

// mebibyte is the unit of the thresholds.
const mebibyte = 1 << 20

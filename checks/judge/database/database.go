// Package database judges PostgreSQL and PgBouncer by what the servers say of
// themselves. What RDS says of its instances, such as backups and standbys, is
// judged elsewhere, by AWS's evidence.
package database

import (
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// Checkers are those of this package.
func Checkers() []judge.Checker {
	return []judge.Checker{
		version, reachable, replicasStream, replicaLag, archiving,
		monitoring, connections, sessions, wraparound, indexes, tableStatistics, countPlugins,
		passwords, superusers, encrypted, migrations,
		poolMode, poolSizes, poolQueue, poolLogins, poolTLS,
	}
}

// answering reads the nodes that let the checks in. One that refuses
// connections shows nothing: that it is down is said by the checker of that.
func answering(c *judge.Case) []evidence.PostgresNode {
	var up []evidence.PostgresNode
	for _, node := range judge.Read(c, evidence.PostgresNodes) {
		if node.Refused {
			c.Unknown("%s refuses connections; start the server, or correct the address", node.Address)
			continue
		}
		up = append(up, node)
	}
	return up
}

// managed tells whether RDS runs the servers.
func managed(nodes []evidence.PostgresNode) bool {
	for _, node := range nodes {
		if node.Managed {
			return true
		}
	}
	return false
}

// primary is the address of the server that the environment calls the primary.
func primary(nodes []evidence.PostgresNode) (evidence.PostgresNode, bool) {
	for _, node := range nodes {
		if !node.Replica {
			return node, true
		}
	}
	return evidence.PostgresNode{}, false
}

// settings are those of one node by name.
type settings map[string]string

// settingsOf sorts settings by node.
func settingsOf(all []evidence.PostgresSetting) map[string]settings {
	of := map[string]settings{}
	for _, each := range all {
		if of[each.Address] == nil {
			of[each.Address] = settings{}
		}
		of[each.Address][each.Name] = each.Value
	}
	return of
}

// require judges one setting of a node, if it is shown. What is hidden proves
// nothing, and the reader has said so.
func (s settings) require(c *judge.Case, where, name string, good func(value string) bool) {
	value, shown := s[name]
	if !shown {
		c.Unknown("%s does not show %s", where, name)
		return
	}
	c.Require(good(value), where, "%s is %s", name, or(value, "empty"))
}

func isOn(value string) bool { return value == "on" || value == "1" }

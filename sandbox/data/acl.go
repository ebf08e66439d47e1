package data

import "strings"

// Commands that a login needs to connect with go-redis or redis-cli.
const greeting = "+ping +hello +auth +acl|whoami +command +client|setname +client|getname +client|id"

// none takes everything away that a rule does not give (Redis, "ACL").
const none = "resetkeys resetchannels -@all"

// nodeRules are the logins of nodes, as ACL rules without the password.
func nodeRules() map[string]string {
	return map[string]string{
		AdminUser:  "~* &* +@all",
		PortalUser: "~* &* +@all -@admin -@dangerous +info +cluster|nodes +cluster|slots +cluster|shards",
		// It looks and changes nothing, and sees no key.
		MonitorUser: rule(none, greeting, "+info +role +client|list +config|get +slowlog|get +slowlog|len +latency|latest +latency|histogram",
			"+cluster|info +cluster|nodes +cluster|slots +cluster|shards +cluster|myid"),
		replicationUser: rule(none, "+psync +replconf +ping"),
		// Redis, "High availability with Redis Sentinel".
		sentinelUser: rule(none, greeting, "&* +multi +exec +slaveof +subscribe +publish +config|rewrite +role +info +client|kill +script|kill"),
	}
}

// sentinelRules are the same logins at the sentinels.
func sentinelRules() map[string]string {
	return map[string]string{
		AdminUser:  "&* +@all",
		PortalUser: rule(none, greeting, "&* +subscribe +psubscribe +sentinel|get-master-addr-by-name +sentinel|replicas +sentinel|sentinels +sentinel|master"),
		MonitorUser: rule(none, greeting, "+info +role +sentinel|ckquorum +sentinel|master +sentinel|masters +sentinel|replicas +sentinel|slaves",
			"+sentinel|sentinels +sentinel|get-master-addr-by-name"),
		sentinelUser: rule(none, greeting, "&* +sentinel +publish +subscribe"),
	}
}

func rule(parts ...string) string { return strings.Join(parts, " ") }

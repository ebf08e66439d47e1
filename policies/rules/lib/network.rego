# METADATA
# title: What security groups and network ACLs let through
# description: >-
#   One shape for inline rules, rules of their own and both address families.
#   Computed once for a resource.
package gatehouse.lib.network

# entries are the rules, each {"direction", "entry", "path"}: path leads to the
# rule inside the resource.
entries := array.concat(inline, single)

inline := [{"direction": direction, "entry": entry, "path": [direction, i]} |
	some direction in ["ingress", "egress"]
	some i, entry in object.get(input.properties, direction, [])
	is_object(entry)
]

single := [{"direction": direction, "entry": input.properties, "path": []}]

# inline rules have no direction of their own.
default direction := ""

direction := "ingress" if endswith(input.type, ":SecurityGroupIngressRule")

direction := "egress" if endswith(input.type, ":SecurityGroupEgressRule")

direction := input.properties.type if endswith(input.type, ":SecurityGroupRule")

direction := ["ingress", "egress"][n] if {
	endswith(input.type, ":NetworkAclRule")
	n := count([true | input.properties.egress == true])
}

# exposed are the permissions that let anyone in, departing those that let
# traffic out to anywhere.
exposed := [p | some p in permissions; p.direction == "ingress"]

departing := [p | some p in permissions; p.direction == "egress"]

# permissions are the entries taken apart by CIDR, as far as the CIDR is open to
# anyone, each {"direction", "entry", "from", "to", "protocol", "cidr", "path"}:
# path leads to the CIDR. An entry whose protocol is unknown makes none.
permissions := [permission |
	some e in entries
	some source in sources(e.entry)
	protocol := lower(sprintf("%v", [protocol_of(e.entry)]))
	ports := range(protocol, e.entry)
	permission := {
		"direction": e.direction, "entry": e.entry, "protocol": protocol,
		"from": ports[0], "to": ports[1],
		"cidr": source.cidr, "path": array.concat(e.path, source.keys),
	}
]

protocol_of(entry) := entry.protocol

protocol_of(entry) := entry.ipProtocol

sources(entry) := array.concat(
	[{"cidr": cidr, "keys": [key]} |
		some key in ["cidrBlock", "ipv6CidrBlock", "cidrIpv4", "cidrIpv6"]
		cidr := entry[key]
		open(cidr)
	],
	[{"cidr": cidr, "keys": [key, i]} |
		some key in ["cidrBlocks", "ipv6CidrBlocks"]
		some i, cidr in entry[key]
		open(cidr)
	],
)

# open tells whether a CIDR is wider than any private range (10.0.0.0/8 and
# fc00::/7): 0.0.0.0/0 and ::/0, but also their halves, by which the whole
# internet can be written in two rules.
open(cidr) if {
	is_string(cidr)
	regex.match(`/[0-6]$|^[0-9.]+/7$`, cidr)
}

# ported are the protocols that have ports; AWS takes numbers too.
ported := {"tcp", "udp", "6", "17"}

# unlimited is how every protocol is written.
unlimited := {"-1", "all"}

# range is the first and the last port that an entry is for; where it is for none,
# or the ports are unknown, the last is before the first.
default range(_, _) := [1, 0]

range(protocol, _) := [0, 65535] if protocol in unlimited

range(protocol, entry) := [number(entry.fromPort), number(entry.toPort)] if protocol in ported

# number reads a port, which some programs write as a string.
number(port) := port if is_number(port)

number(port) := to_number(port) if is_string(port)

# spans tells whether a permission lets a port through.
spans(p, port) if {
	p.from <= port
	port <= p.to
}

# spanned are those of the ports that a permission lets through, as text.
spanned(p, ports) := concat(", ", [sprintf("%d", [port]) |
	some port in ports
	p.from <= port
	port <= p.to
])

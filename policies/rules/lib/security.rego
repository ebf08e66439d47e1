# METADATA
# title: What the security contexts of a pod say
# description: Computed once for a resource; the rules about pod security share it.
package gatehouse.lib.security

import data.gatehouse.lib.pods

# windows holds for pods of Windows nodes, which know no capabilities, seccomp
# or privilege escalation. The API demands a name where there is an os: one that
# is missing is not known yet, and the pod is taken for Windows until it is.
windows if {
	is_object(pods.spec.os)
	object.get(pods.spec.os, "name", "") != "linux"
}

# linux are the containers for which the Linux part of a standard holds.
linux := [] if {
	windows
} else := pods.containers

# contexts are the security contexts of the pod and of its containers, each
# {"context", "path"}.
contexts := array.concat(
	[{"context": pods.spec.securityContext, "path": array.concat(pods.path, ["securityContext"])} |
		is_object(pods.spec.securityContext)
	],
	[{"context": c.container.securityContext, "path": pods.at(c, ["securityContext"])} |
		some c in pods.containers
		is_object(c.container.securityContext)
	],
)

# setting is what holds for a container: what its own security context says, or
# the pod's where that is silent.
setting(c, key) := value if {
	value := c.container.securityContext[key]
	value != null
} else := value if {
	value := pods.spec.securityContext[key]
	value != null
}

# decider is the path of what decides a setting: the container's own value, or,
# where it has none, the pod spec, since the pod or the container could say it.
decider(c, key) := pods.at(c, ["securityContext", key]) if {
	c.container.securityContext[key] != null
} else := pods.path

# added are the capabilities that containers add, each {"name", "path"}. The
# runtimes take them in any case, with and without their prefix.
added := [{"name": trim_prefix(upper(name), "CAP_"), "path": pods.at(c, ["securityContext", "capabilities", "add", i])} |
	some c in pods.containers
	some i, name in c.container.securityContext.capabilities.add
	is_string(name)
]

# drops_all holds for a container that drops all capabilities.
drops_all(c) if {
	some name in c.container.securityContext.capabilities.drop
	is_string(name)
	upper(name) == "ALL"
}

# ordinary are the capabilities that the baseline standard lets containers add.
ordinary := {
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
	"NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

# powerful are those with which a container can take over its node or listen to
# its neighbours.
powerful := {
	"ALL", "BPF", "DAC_READ_SEARCH", "NET_ADMIN", "NET_RAW", "PERFMON",
	"SYS_ADMIN", "SYS_BOOT", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO",
}

# literals are all texts that stand in the containers themselves: the values of
# variables, commands and arguments, a line each.
literals := concat("\n", array.concat(
	[v | v := pods.containers[_].container.env[_].value; is_string(v)],
	[v | v := pods.containers[_].container[["command", "args"][_]][_]; is_string(v)],
))

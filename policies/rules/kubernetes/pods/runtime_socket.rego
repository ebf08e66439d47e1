# METADATA
# title: Pods do not reach the socket of the container runtime
# description: >-
#   Who speaks to the socket of containerd, Docker or CRI-O starts privileged containers on
#   the node: the socket is root. A directory above it gives it too.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
# custom:
#   severity: critical
#   remediation: |
#     Do not mount the socket; build images with a builder that needs no runtime (BuildKit rootless), and read metrics from the kubelet's API:
#       volumes: [{name: work, emptyDir: {sizeLimit: 5Gi}}]
#   frameworks:
#     PSS: ["baseline: HostPath Volumes"]
#     NIST 800-53: [AC-6, SC-39]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.2]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.volumes[*].hostPath.path
package gatehouse.kubernetes.pods.runtime_socket

import data.gatehouse.lib.pods

# sockets are where the runtimes listen. /var/run is a link to /run.
sockets := {
	["run", "containerd", "containerd.sock"],
	["run", "crio", "crio.sock"],
	["run", "cri-dockerd.sock"],
	["run", "docker.sock"],
	["run", "podman", "podman.sock"],
}

deny contains {"path": array.concat(pods.path, ["volumes", i, "hostPath", "path"]), "message": sprintf("%s leads to the socket of the container runtime", [directory])} if {
	directory := pods.spec.volumes[i].hostPath.path
	steps := resolved([s | some s in split(directory, "/"); not s in {"", "."}])
	some socket in sockets
	array.slice(socket, 0, count(steps)) == steps
}

resolved(steps) := array.slice(steps, 1, count(steps)) if {
	array.slice(steps, 0, 2) == ["var", "run"]
} else := [] if {
	steps == ["var"]
} else := steps

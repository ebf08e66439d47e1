package run

import (
	"hash/fnv"
	"net/netip"

	"k8s.io/apimachinery/pkg/types"
)

// podNet is where the addresses of pods are from (RFC 6598). Endpoints may not name
// loopback addresses, so that a pod has one of these towards the cluster, and
// listens on the one of 127.64.0.0/10 with the same lower 22 bits.
var podNet = netip.MustParsePrefix("100.64.0.0/10")

// Address of a pod in the cluster, the same whenever it is asked for.
func Address(uid types.UID) netip.Addr {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(uid))
	sum := hash.Sum32()
	return netip.AddrFrom4([4]byte{100, 64 | byte(sum>>16)&0x3f, byte(sum >> 8), byte(sum)})
}

// Loopback is the address on this machine of a pod's address. ok is false for an
// address that is no pod's.
func Loopback(address netip.Addr) (_ netip.Addr, ok bool) {
	if !podNet.Contains(address) {
		return netip.Addr{}, false
	}
	bytes := address.As4()
	bytes[0] = 127
	return netip.AddrFrom4(bytes), true
}

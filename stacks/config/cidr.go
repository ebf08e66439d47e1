package config

import (
	"fmt"
	"net/netip"
	"regexp"
)

// CIDR is an address range; the host bits are zero.
type CIDR struct{ netip.Prefix }

var cidrPattern = regexp.MustCompile(`^[0-9A-Fa-f:.]+/[0-9]{1,3}$`)

func (*CIDR) form() form {
	return form{what: "an address range (CIDR)", example: "10.20.0.0/16", pattern: cidrPattern}
}

// UnmarshalText accepts ADDRESS/BITS. Host bits that are set are refused
// rather than cleared, since they are mostly a slip in the length.
func (c *CIDR) UnmarshalText(text []byte) error {
	if err := c.form().check(string(text)); err != nil {
		return err
	}
	prefix, err := netip.ParsePrefix(string(text))
	if err != nil || prefix.Addr().Is4In6() {
		f := c.form()
		return &formError{message: fmt.Sprintf("%s is not %s, such as %s", quote(string(text)), f.what, f.example)}
	}
	if prefix != prefix.Masked() {
		return &formError{
			message:    fmt.Sprintf("%s has host bits set; the range begins at %s", prefix, prefix.Masked().Addr()),
			suggestion: prefix.Masked().String(),
		}
	}
	*c = CIDR{prefix}
	return nil
}

// covers says that all of the other range lies in this one.
func (c CIDR) covers(other CIDR) bool {
	return c.Overlaps(other.Prefix) && c.Bits() <= other.Bits()
}

// ipv4Size is the number of addresses of an IPv4 range.
func (c CIDR) ipv4Size() int { return 1 << (32 - c.Bits()) }

// within says that the range lies in one of the given ones.
func (c CIDR) within(ranges []netip.Prefix) bool {
	for _, r := range ranges {
		if (CIDR{r}).covers(c) {
			return true
		}
	}
	return false
}

// privateRanges may be used in a VPC: RFC 1918 and the shared space of RFC
// 6598, which AWS recommends for pods.
func privateRanges() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"),
		netip.MustParsePrefix("172.16.0.0/12"),
		netip.MustParsePrefix("192.168.0.0/16"),
		netip.MustParsePrefix("100.64.0.0/10"),
	}
}

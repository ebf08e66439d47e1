package web

import (
	"slices"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var tlsVersions = judge.Checker{
	ID:       "tls-versions",
	Expected: "every host speaks only the allowed versions of TLS",
	Needs:    needs(evidence.TLSHosts),
	Judge: func(c *judge.Case) {
		allowed := c.Texts("tlsVersions")
		c.Expect("every host speaks %s and no other version of TLS or SSL", strings.Join(allowed, " or "))
		for _, host := range judge.Read(c, evidence.TLSHosts) {
			for _, version := range host.Accepted {
				if !slices.Contains(allowed, version) {
					c.FailWith(host.Host, "set ssl_protocols, the listener's security policy or the minimum protocol version higher", "accepts %s", version)
				}
			}
			good := slices.ContainsFunc(host.Accepted, func(v string) bool { return slices.Contains(allowed, v) })
			c.Require(good, host.Host, "accepts none of %s", strings.Join(allowed, ", "))
			c.Note("%s accepts %s", host.Host, strings.Join(host.Accepted, ", "))
		}
	},
}

var tlsChain = judge.Checker{
	ID:       "tls-chain",
	Expected: "every host sends a chain that verifies for its name, with keys of RSA 2048 or ECDSA 256 bits at least and no signature by SHA-1 or MD5",
	Needs:    needs(evidence.TLSHosts),
	Judge: func(c *judge.Case) {
		for _, host := range judge.Read(c, evidence.TLSHosts) {
			c.Require(host.Untrusted == "", host.Host, "the certificate does not verify: %s", host.Untrusted)
			for i, each := range host.Chain {
				where := host.Host + ", certificate of " + each.Subject
				c.Require(strong(each), where, "its key is %s of %d bits", each.Key, each.Bits)
				// Nobody checks a root's own signature.
				if !each.SelfSigned || i == 0 {
					c.Require(!old(each.Signature), where, "it is signed by %s", each.Signature)
				}
			}
			if len(host.Chain) > 0 {
				c.Note("%s: issued by %s", host.Host, host.Chain[0].Issuer)
			}
		}
	},
}

// strong is NIST SP 800-57's 112 bits of security or more.
func strong(c evidence.Certificate) bool {
	switch c.Key {
	case "RSA":
		return c.Bits >= 2048
	case "ECDSA":
		return c.Bits >= 256
	default:
		return c.Key == "Ed25519"
	}
}

func old(signature string) bool {
	return strings.Contains(signature, "SHA1") || strings.Contains(signature, "MD5") || strings.Contains(signature, "MD2")
}

var tlsExpiry = judge.Checker{
	ID:       "tls-expiry",
	Expected: "every certificate is valid long enough",
	Needs:    needs(evidence.TLSHosts),
	Judge: func(c *judge.Case) {
		least := c.Int("daysLeft")
		c.Expect("every certificate that the hosts send is valid now and for %d days more", least)
		for _, host := range judge.Read(c, evidence.TLSHosts) {
			for i, each := range host.Chain {
				if each.SelfSigned && i > 0 {
					continue // clients have the root themselves
				}
				where := host.Host + ", certificate of " + each.Subject
				c.Require(!c.Now.Before(each.NotBefore), where, "it is not valid before %s", each.NotBefore.Format(time.DateTime))
				left := int(each.NotAfter.Sub(c.Now).Hours() / 24)
				switch {
				case !each.NotAfter.After(c.Now):
					c.Fail(where, "it ended on %s", each.NotAfter.Format(time.DateOnly))
				case left < least:
					c.FailWith(where, "find out why it was not renewed", "it ends on %s, in %d days", each.NotAfter.Format(time.DateOnly), left)
				default:
					c.Saw()
				}
				if i == 0 {
					c.Note("%s: %d days left", host.Host, left)
				}
			}
		}
	},
}

var tlsCiphers = judge.Checker{
	ID:       "tls-ciphers",
	Expected: "no host accepts a weak cipher suite: RC4, 3DES, CBC with SHA-256, or one without forward secrecy",
	Needs:    needs(evidence.TLSHosts),
	Judge: func(c *judge.Case) {
		for _, host := range judge.Read(c, evidence.TLSHosts) {
			switch {
			case len(host.WeakCiphers) > 0:
				c.FailWith(host.Host, "offer only suites with ECDHE and an AEAD cipher", "accepts %s", strings.Join(host.WeakCiphers, ", "))
			case host.CiphersTried:
				c.Saw()
			default:
				c.Unknown("not every weak cipher suite of %s was tried", host.Host)
			}
		}
	},
}

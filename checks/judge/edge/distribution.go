package edge

import (
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// absorbed serves NET-2. Shield Standard is on for every distribution by itself
// (AWS Shield developer guide, "Shield Standard overview"), so what must be shown
// is that the portal's names lead through one. Shield Advanced is a subscription
// of the account, and asked for only where the threshold says so.
var absorbed = judge.Checker{
	ID:       "ddos-absorbed",
	Expected: "a deployed CloudFront distribution, which Shield Standard protects, serves the portal's names",
	Needs:    needs(evidence.AWSDistribution.Name(), evidence.AWSShield.Name()),
	Judge: func(c *judge.Case) {
		names, advanced := c.Int("edgeNames"), c.Text("shieldAdvanced") == "required"
		c.Expect("a deployed CloudFront distribution, which Shield Standard protects, serves %d or more names of the portal%s",
			names, map[bool]string{true: ", under Shield Advanced"}[advanced])
		d := judge.Read(c, evidence.AWSDistribution)
		if d.ID == "" {
			return
		}
		where := "distribution " + d.ID
		c.Require(d.Enabled, where, "is disabled")
		if d.Status != "Deployed" && d.Enabled {
			c.Unknown("%s is being deployed (%s): what the edge serves now is not what it will; ask again in some minutes", where, d.Status)
		}
		c.Require(len(d.Aliases) >= names, where, "serves %d names %v, %d are wanted", len(d.Aliases), d.Aliases, names)
		c.Note("%s is in front of %v; Shield Standard is always on for it", d.Domain, d.Aliases)
		shield, problems := judge.Try(c, evidence.AWSShield)
		switch {
		case advanced && len(problems) > 0:
			judge.Read(c, evidence.AWSShield)
		case advanced:
			c.Require(slices.Contains(shield.Protected, d.ARN), where, "is not under Shield Advanced")
		case slices.Contains(shield.Protected, d.ARN):
			c.Note("Shield Advanced protects it too")
		}
	},
}

// modern are CloudFront's security policies that refuse TLS before 1.2
// (CloudFront developer guide, "Supported protocols and ciphers between viewers
// and CloudFront").
var modern = []string{"TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"}

// encrypted serves SEC-4: HTTPS alone, of a modern version, on both sides.
var encrypted = judge.Checker{
	ID:       "edge-https-only",
	Expected: "the distribution speaks HTTPS only, TLS 1.2 or later, to viewers and to the origin, with its own certificate",
	Needs:    needs(evidence.AWSDistribution.Name()),
	Judge: func(c *judge.Case) {
		d := judge.Read(c, evidence.AWSDistribution)
		if d.ID == "" {
			return
		}
		where := "distribution " + d.ID
		c.Require(d.Certificate != "", where, "uses CloudFront's own certificate, which does not name the portal")
		if d.Certificate != "" {
			c.Require(slices.Contains(modern, d.MinimumTLS), where, "accepts TLS before 1.2: its security policy is %s", d.MinimumTLS)
		}
		for _, b := range d.Behaviours {
			c.Require(b.Viewers == "https-only" || b.Viewers == "redirect-to-https", where+", path "+b.Path, "serves plain HTTP: %s", b.Viewers)
		}
		for _, o := range d.Origins {
			at := where + ", origin " + o.ID
			switch {
			case o.Bucket:
				c.Saw()
			case o.Protocol != "https-only":
				c.Fail(at, "is reached by %s", o.Protocol)
			default:
				old := slices.ContainsFunc(o.TLS, func(version string) bool { return version != "TLSv1.2" && version != "TLSv1.3" })
				c.Require(len(o.TLS) > 0 && !old, at, "may be reached by %v", o.TLS)
			}
		}
		c.Note("%s, HTTPS only on %d paths and to %d origins", d.MinimumTLS, len(d.Behaviours), len(d.Origins))
	},
}

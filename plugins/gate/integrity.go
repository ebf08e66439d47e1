package gate

import (
	"context"
	"fmt"
)

var integrity = step{
	name:    "integrity",
	explain: "The tarball, the registry and your configuration agree on one SHA-512.",
	check:   checkIntegrity,
}

func checkIntegrity(_ context.Context, c *Case) finding {
	m, err := c.Manifest.Get()
	if err != nil {
		return lacking("the registry's integrity", err, "see the step exists")
	}
	listing, err := c.Tarball.Get()
	if err != nil {
		return lacking("the tarball", err, seeLimits)
	}
	const other = "do not install it: somebody changed it on the way or in the registry"
	var f finding
	switch registry := m.Dist.Integrity; {
	case registry.IsZero():
		f.never("registry", "the registry has no SHA-512 of it", "take a version that was published with one (npm 5 or later)")
	case registry != listing.Integrity:
		f.never("tarball", fmt.Sprintf("the tarball is %s, the registry promised %s", listing.Integrity, registry), other)
	}
	switch configured := c.Integrity; {
	case configured.IsZero():
		f.never("configuration", "configuration gives no integrity", fmt.Sprintf("when you trust it, write integrity: %s", listing.Integrity))
	case configured != listing.Integrity:
		f.never("configured", fmt.Sprintf("the tarball is %s, configuration wants %s", listing.Integrity, configured), other)
	}
	f.looked = []string{listing.Integrity.String()}
	return f
}

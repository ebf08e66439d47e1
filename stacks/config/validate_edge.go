package config

import (
	"regexp"
	"slices"
)

// maxDomain is the longest first name of an ACM certificate.
const maxDomain = 64

var zoneIDPattern = regexp.MustCompile(`^Z[A-Z0-9]{1,31}$`)

// edge checks the domain and its zone.
func (v validator) edge() {
	edge := v.Config.Edge
	if v.readable("edge.domain") && len(edge.Domain) > maxDomain {
		v.refuse("edge.domain", "has %d characters; a certificate's first name may have %d", len(edge.Domain), maxDomain)
	}
	if edge.ZoneID != nil && v.readable("edge.zoneId") && !zoneIDPattern.MatchString(*edge.ZoneID) {
		v.refuse("edge.zoneId", "%s is not the ID of a Route 53 hosted zone, such as Z0123456789ABCDEFGHIJ", quote(*edge.ZoneID))
	}
	for i, country := range edge.BlockedCountries {
		if path := item("edge.blockedCountries", i); v.readable(path) && slices.Contains(edge.BlockedCountries[:i], country) {
			v.refuse(path, "%s is listed twice", country)
		}
	}
}

package config

// Edge configures DNS, certificates, the CDN and the firewall before it.
type Edge struct {
	// Domain is where the portal is served, e.g. portal.example.com; the API
	// is served at api.DOMAIN.
	Domain Domain `yaml:"domain"`
	// ZoneID is an existing Route 53 hosted zone; absent creates one for
	// Domain.
	ZoneID *string `yaml:"zoneId"`
	// RateLimit is how many requests an address may send in five minutes
	// before it is blocked.
	RateLimit int `yaml:"rateLimit" jsonschema:"minimum=100,maximum=2000000,default=2000"`
	// PriceClass is which of CloudFront's edge locations serve the portal.
	PriceClass PriceClass `yaml:"priceClass" jsonschema:"default=PriceClass_100"`
	// BlockedCountries are ISO 3166 alpha-2 codes that CloudFront refuses.
	BlockedCountries []Country `yaml:"blockedCountries" jsonschema:"default=[]"`
	// ShieldAdvanced protects the distribution with AWS Shield Advanced, which
	// costs 3,000 US dollars a month and must be subscribed to by hand.
	ShieldAdvanced bool `yaml:"shieldAdvanced" jsonschema:"default=false"`
}

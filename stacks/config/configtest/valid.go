package configtest

import (
	"fmt"
	"net/netip"

	"pgregory.net/rapid"

	"gatehouse/stacks/config"
)

// Valid draws a configuration that every rule accepts on the day [Today].
func Valid(t *rapid.T) config.Config {
	production := rapid.Bool().Draw(t, "production")
	environment := drawEnvironment(t, production)
	c := config.Config{
		Environment: environment,
		Foundation:  drawFoundation(t, environment.AccountServices),
		Network:     drawNetwork(t, environment, production),
		Edge:        drawEdge(t),
		Data:        drawData(t, production),
		Cluster:     drawCluster(t, environment.AccountID, production),
		Platform:    drawPlatform(t, production),
		Portal:      drawPortal(t, production),
		Monitoring:  drawMonitoring(t, production),
		Backup:      drawBackupJobs(t),
		Readiness:   drawReadiness(t, production),
	}
	agree(t, &c)
	return c
}

// agree changes what one part of a configuration needs of another.
func agree(t *rapid.T, c *config.Config) {
	if len(c.Portal.Plugins.Rebuilt()) == 0 {
		return
	}
	needed := c.Portal.Plugins.PipelineSecrets()
	for _, name := range []string{needed.Token, needed.Trigger, needed.User} {
		if _, there := c.Foundation.Secrets[name]; name != "" && !there {
			c.Foundation.Secrets[name] = drawSecret(t)
		}
	}
	if c.Portal.GreenImages != nil {
		c.Portal.GreenImages.Backstage = c.Portal.Images.Backstage
	}
}

func number(t *rapid.T, low, high int, label string) int {
	return rapid.IntRange(low, high).Draw(t, label)
}

func oneOf[T any](t *rapid.T, label string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, label)
}

// atLeast is the low bound for production, and a lower one elsewhere.
func atLeast(production bool, inProduction, elsewhere int) int {
	if production {
		return inProduction
	}
	return elsewhere
}

func logDays(t *rapid.T, label string) int {
	return oneOf(t, label, 30, 60, 90, 120, 180, 365, 400, 731)
}

func prefix(text string) config.CIDR { return config.CIDR{Prefix: netip.MustParsePrefix(text)} }

func drawEnvironment(t *rapid.T, production bool) config.Environment {
	tier := config.Staging
	if production {
		tier = config.Production
	}
	return config.Environment{
		Tier:               tier,
		Region:             oneOf[config.Region](t, "region", "us-west-2", "us-east-1", "eu-west-1"),
		AccountID:          config.AccountID(rapid.StringMatching(`[0-9]{12}`).Draw(t, "account")),
		Owner:              rapid.StringMatching(`[a-z][a-z-]{0,20}[a-z]`).Draw(t, "owner"),
		Contact:            config.Email(rapid.StringMatching(`[a-z]{1,10}@[a-z]{2,10}\.com`).Draw(t, "contact")),
		CostCenter:         rapid.StringMatching(`[A-Za-z][A-Za-z0-9-]{2,10}`).Draw(t, "cost center"),
		DataClassification: oneOf[config.Classification](t, "classification", "internal", "confidential", "restricted"),
		AccountServices:    rapid.Bool().Draw(t, "account services"),
		Protect:            production || rapid.Bool().Draw(t, "protect"),
	}
}

func drawFoundation(t *rapid.T, accountServices bool) config.Foundation {
	f := config.Foundation{
		KeyDeletionDays: number(t, 7, 30, "key deletion days"),
		Buckets: config.Buckets{
			BackupRetentionDays: number(t, 7, 3650, "backup objects"),
			LogRetentionDays:    number(t, 30, 3650, "log objects"),
			AuditRetentionDays:  number(t, 1, 3650, "audit objects"),
			AuditLockMode:       oneOf(t, "lock mode", config.Governance, config.Compliance),
		},
		Registries: config.Registries{
			KeepImages:   number(t, 5, 1000, "keep images"),
			UntaggedDays: number(t, 1, 365, "untagged days"),
		},
		Secrets: map[string]config.Secret{},
	}
	if accountServices {
		first := number(t, 1, 90, "first alert")
		f.Budget = &config.Budget{MonthlyUSD: number(t, 1, 100000, "budget"), AlertPercents: []int{first, first + 10}}
	}
	for i := range number(t, 0, 4, "secrets") {
		f.Secrets[fmt.Sprintf("entry%d", i)] = drawSecret(t)
	}
	return f
}

func drawSecret(t *rapid.T) config.Secret {
	s := config.Secret{
		Description:  "Opens a door",
		Rotation:     oneOf(t, "rotation", config.RotationGenerated, config.RotationManual),
		RotationDays: 30,
	}
	if s.Rotation == config.RotationGenerated {
		s.RotationDays = number(t, 1, 365, "rotation days")
	}
	return s
}

// drawNetwork carves the VPC into blocks of /21: the first holds the small
// subnets, the others a private subnet each.
func drawNetwork(t *rapid.T, environment config.Environment, production bool) config.Network {
	second := number(t, 0, 99, "network")
	small := number(t, 24, 26, "small subnets")
	n := config.Network{
		CIDR:                 prefix(fmt.Sprintf("10.%d.0.0/%d", second, number(t, 16, 18, "vpc bits"))),
		Zones:                map[string]config.Zone{},
		NATGateways:          config.NATPerZone,
		FlowLogRetentionDays: logDays(t, "flow logs"),
	}
	if !production {
		n.NATGateways = oneOf(t, "nat", config.NATPerZone, config.NATSingle)
	}
	letters := rapid.Permutation([]string{"a", "b", "c", "d"}).Draw(t, "zones")
	for i := range number(t, atLeast(production, 3, 2), 4, "zone count") {
		n.Zones[string(environment.Region)+letters[i]] = config.Zone{
			Public:  prefix(fmt.Sprintf("10.%d.%d.0/%d", second, i, small)),
			Data:    prefix(fmt.Sprintf("10.%d.%d.0/%d", second, 4+i, small)),
			Private: prefix(fmt.Sprintf("10.%d.%d.0/21", second, 8*(1+i))),
		}
	}
	if rapid.Bool().Draw(t, "vpn") {
		arn := func(id string) config.ARN {
			return config.ARN(fmt.Sprintf("arn:aws:acm:%s:%s:certificate/%s", environment.Region, environment.AccountID, id))
		}
		n.VPN = &config.VPN{
			ClientCIDR:               prefix(fmt.Sprintf("10.200.0.0/%d", number(t, 16, 22, "client bits"))),
			ServerCertificateARN:     arn("0f3c8a52-6c1e-4a7b-9d0e-2b7f4c9a1d11"),
			ClientRootCertificateARN: arn("7b1d9e34-52f0-4c68-8a3d-6e0c5f2b8a22"),
		}
	}
	return n
}

func drawEdge(t *rapid.T) config.Edge {
	e := config.Edge{
		Domain:           config.Domain(rapid.StringMatching(`[a-z][a-z0-9]{0,10}\.[a-z]{2,10}\.com`).Draw(t, "domain")),
		RateLimit:        number(t, 100, 2000000, "rate"),
		PriceClass:       oneOf[config.PriceClass](t, "price class", "PriceClass_100", "PriceClass_200", "PriceClass_All"),
		BlockedCountries: oneOf(t, "countries", []config.Country{}, []config.Country{"KP"}, []config.Country{"KP", "SY"}),
		ShieldAdvanced:   rapid.Bool().Draw(t, "shield"),
	}
	if rapid.Bool().Draw(t, "existing zone") {
		id := "Z0123456789ABCDEFGHIJ"
		e.ZoneID = &id
	}
	return e
}

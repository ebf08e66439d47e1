package zone_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/zone"
)

func run(t *testing.T, existing *string) componenttest.Registrations {
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := zone.New(ctx, "gatehouse-test-zone", zone.Args{
			Domain: "portal.example.com", ExistingID: existing, Issuers: []string{"amazon.com", "letsencrypt.org"}, Protect: true,
		})
		return err
	})
}

func TestNewZone(t *testing.T) {
	seen := run(t, nil)
	made := seen.One(t, "aws:route53/zone:Zone")
	require.True(t, made.Protect, "a new zone has new name servers")
	require.Equal(t, "portal.example.com", made.Input("name"))
	require.Equal(t, false, made.Input("forceDestroy"))
}

func TestExistingZoneIsTaken(t *testing.T) {
	id := "Z0123456789"
	seen := run(t, &id)
	require.Empty(t, seen.OfType("aws:route53/zone:Zone"))
	require.Equal(t, id, seen.One(t, "aws:route53/record:Record").Input("zoneId"))
}

func TestOnlyNamedAuthoritiesIssue(t *testing.T) {
	record := run(t, nil).One(t, "aws:route53/record:Record")
	require.Equal(t, "CAA", record.Input("type"))
	require.Equal(t, []any{`0 issue "amazon.com"`, `0 issue "letsencrypt.org"`}, record.Input("records"))
	require.NotEmpty(t, record.Parent)
}

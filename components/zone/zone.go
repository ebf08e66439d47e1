// Package zone makes the Route 53 zone of an environment, or takes an existing
// one, and says in it who may issue certificates.
//
// The records of services belong to the packages of those services.
package zone

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// caaTTL is the time to live of the CAA record, in seconds.
const caaTTL = 3600

// Args describes the zone.
type Args struct {
	// Domain is the name of the zone, and below it of everything served.
	Domain string
	// ExistingID is a zone that holds Domain; nil makes one. A zone made here
	// answers only after its parent delegates to its name servers, and the
	// certificates wait for that.
	ExistingID *string
	// Issuers are the certificate authorities allowed for Domain and below,
	// as they call themselves in CAA records (RFC 8659).
	Issuers []string
	// Protect refuses deletion in Pulumi: a new zone has new name servers.
	Protect bool
}

// Zone is the zone.
type Zone struct {
	pulumi.ResourceState
	component.Parts

	ID pulumi.StringOutput `pulumi:"id"`
	// NameServers are what the parent zone must delegate to; empty for an
	// existing zone.
	NameServers pulumi.StringArrayOutput `pulumi:"nameServers"`
}

// New makes or takes the zone.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Zone, error) {
	z := &Zone{}
	return z, component.Register(ctx, "gatehouse:aws:Zone", name, z, func(child pulumi.ResourceOption) error {
		if err := z.take(ctx, name, args, child); err != nil {
			return err
		}
		issuers := pulumi.StringArray{}
		for _, issuer := range args.Issuers {
			issuers = append(issuers, pulumi.String(fmt.Sprintf(`0 issue "%s"`, issuer)))
		}
		_, err := route53.NewRecord(ctx, name+"-caa", &route53.RecordArgs{
			ZoneId: z.ID, Name: pulumi.String(args.Domain), Type: pulumi.String("CAA"),
			Ttl: pulumi.Int(caaTTL), Records: issuers,
		}, child)
		return err
	}, opts...)
}

// take sets the zone's outputs, and makes it where none is given.
func (z *Zone) take(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) error {
	if args.ExistingID != nil {
		z.ID = pulumi.String(*args.ExistingID).ToStringOutput()
		z.NameServers = pulumi.StringArray{}.ToStringArrayOutput()
		return nil
	}
	zone, err := route53.NewZone(ctx, name, &route53.ZoneArgs{
		Name:         pulumi.String(args.Domain),
		Comment:      pulumi.String("the developer portal's domain"),
		ForceDestroy: pulumi.Bool(false),
	}, child, pulumi.Protect(args.Protect))
	if err != nil {
		return err
	}
	z.ID, z.NameServers = zone.ZoneId, zone.NameServers
	return nil
}

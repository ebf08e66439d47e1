package identity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/iampolicy"
)

// externalDNS keeps the records of the environment's zone as the Ingresses and
// Services say.
func externalDNS(r Resources) Workload {
	return Workload{
		Name: "external-dns", Namespace: "ingress", ServiceAccounts: []string{"external-dns"},
		Statements: statements(
			allow("Records", []string{"route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"}, r.zone()),
			allow("Zones", []string{"route53:ListHostedZones", "route53:ListTagsForResources"}, anywhere),
		),
	}
}

// certManager answers ACME's DNS challenges: it may only write the TXT records
// of challenges (Route 53, "Using IAM policy conditions for fine-grained
// access control").
func certManager(r Resources) Workload {
	challenge := allow("Challenges", []string{"route53:ChangeResourceRecordSets"}, r.zone())
	challenge.Conditions = []iampolicy.Condition{
		iampolicy.When("ForAllValues:StringEquals", "route53:ChangeResourceRecordSetsRecordTypes", "TXT"),
		iampolicy.When("ForAllValues:StringLike", "route53:ChangeResourceRecordSetsNormalizedRecordNames",
			"_acme-challenge."+r.Domain, "_acme-challenge.*."+r.Domain),
	}
	return Workload{
		Name: "cert-manager", Namespace: "cert-manager", ServiceAccounts: []string{"cert-manager"},
		Statements: statements(
			challenge,
			allow("Records", []string{"route53:ListResourceRecordSets"}, r.zone()),
			allow("Changes", []string{"route53:GetChange"}, pulumi.Sprintf("arn:%s:route53:::change/*", r.Partition)),
			allow("Zones", []string{"route53:ListHostedZonesByName"}, anywhere),
		),
	}
}

func (r Resources) zone() pulumi.StringInput {
	return pulumi.Sprintf("arn:%s:route53:::hostedzone/%s", r.Partition, r.ZoneID)
}

package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/certificates"
	"gatehouse/components/component"
	"gatehouse/components/dns"
	"gatehouse/components/ingress"
)

// portalCertificate is the certificate, and its Secret, of every host that the
// ingress controller answers for.
const portalCertificate = "portal-tls"

// cloudFront is the prefix list of the addresses from which CloudFront calls
// origins (CloudFront developer guide, "Locations and IP address ranges of
// CloudFront edge servers").
const cloudFront = "com.amazonaws.global.cloudfront.origin-facing"

// deployCertificates installs cert-manager. It comes early: the webhooks of
// other controllers have their certificates from it.
func deployCertificates(ctx *pulumi.Context, env Environment, edge EdgeOutputs, cluster ClusterOutputs, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) (*certificates.Certificates, error) {
	made, err := certificates.New(ctx, env.Named("cert-manager"), certificates.Args{
		Namespace: namespaces[certificatesNamespace], Labels: ownership(env), RoleARN: cluster.Roles["cert-manager"],
		Contact: string(env.Config.Environment.Contact), ZoneID: edge.ZoneID, Region: env.Region,
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("deploy cert-manager: %w", err)
	}
	return made, nil
}

// deployIngress makes the way in: the load balancer and its name, the
// certificate, and the controller. It returns what routes depend on. The
// default backend is the maintenance page's Service, which the controller does
// not start without.
func deployIngress(ctx *pulumi.Context, env Environment, network NetworkOutputs, edge EdgeOutputs, cluster ClusterOutputs, namespaces map[string]pulumi.StringOutput, certs *certificates.Certificates, page pulumi.Resource, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	labels, in := ownership(env), namespaces[ingressNamespace]
	balancers, err := ingress.NewBalancers(ctx, env.Named("load-balancers"), ingress.BalancersArgs{
		Namespace: pulumi.String("kube-system"), Labels: labels, RoleARN: cluster.Roles["load-balancer-controller"],
		ClusterName: cluster.Name, VPCID: network.VPCID, Region: env.Region, Tags: defaultTags(env),
		After: []pulumi.Resource{certs.Controller},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("deploy the load balancer controller: %w", err)
	}
	names, err := dns.New(ctx, env.Named("external-dns"), dns.Args{
		Namespace: in, Labels: labels, RoleARN: cluster.Roles["external-dns"],
		ZoneID: edge.ZoneID, Domain: edge.OriginDomain, Owner: env.Prefix, Region: env.Region,
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("deploy external-dns: %w", err)
	}
	certificate, err := certificates.NewCertificate(ctx, env.Named("portal-certificate"), certificates.CertificateArgs{
		Name: portalCertificate, Namespace: in, Labels: labels,
		Issuer: certificates.Issuer(env.Config.Platform.Certificates.Issuer),
		Hosts:  []string{portalHost(env), apiHost(env), edge.OriginDomain},
	}, append(opts, component.DependsOn(certs.Issuers...))...)
	if err != nil {
		return nil, fmt.Errorf("deploy the portal's certificate: %w", err)
	}
	list := ec2.LookupManagedPrefixListOutput(ctx, ec2.LookupManagedPrefixListOutputArgs{Name: pulumi.String(cloudFront)},
		pulumi.Provider(env.Providers.Regional))
	c := env.Config.Platform.Ingress
	controller, err := ingress.New(ctx, env.Named("ingress"), ingress.Args{
		Namespace: in, Labels: labels, Origin: edge.OriginDomain,
		Callers: list.Id(), CallerCIDRs: cidrs(list.Entries()),
		CertificateSecret: portalCertificate, DefaultBackend: portalNamespace + "/" + maintenancePage,
		Replicas: c.Replicas, BodyLimitMiB: c.BodyLimitMiB, HSTSMaxAgeSeconds: c.HSTSMaxAgeSeconds,
		ContentSecurityPolicy: env.Config.ContentSecurityPolicy(),
		After:                 []pulumi.Resource{balancers.Controller, names.Controller, certificate, page},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("deploy the ingress controller: %w", err)
	}
	return []pulumi.Resource{controller.Controller}, nil
}

// portalHost and apiHost are the names that people and programs use.
func portalHost(env Environment) string { return string(env.Config.Edge.Domain) }

func apiHost(env Environment) string { return "api." + string(env.Config.Edge.Domain) }

func cidrs(entries ec2.GetManagedPrefixListEntryTypeArrayOutput) pulumi.StringArrayOutput {
	return entries.ApplyT(func(entries []ec2.GetManagedPrefixListEntryType) []string {
		list := []string{}
		for _, entry := range entries {
			list = append(list, entry.Cidr)
		}
		return list
	}).(pulumi.StringArrayOutput)
}

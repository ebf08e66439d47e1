package aws

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
)

type eksc = api.Client

// eksRows are clusters and node groups. The emulator lacks add-ons, access entries and pod identities.
func eksRows() []Resource {
	tag := tagger((*eksc).TagResource, (*eksc).UntagResource, "ResourceArn", byARN)
	return []Resource{
		{
			Token: "aws:eks/cluster:Cluster", Args: eks.ClusterArgs{}, State: eks.Cluster{},
			Name: "name", NameMax: 100, Replace: []string{"name", "roleArn", "kubernetesNetworkConfig", "encryptionConfig", "bootstrapSelfManagedAddons"},
			Rename: map[string]string{"vpcConfig": "ResourcesVpcConfig"},
			Unseen: map[string]string{
				"accessConfig": "the emulator ignores it", "upgradePolicy": "the emulator ignores it", "zonalShiftConfig": "the emulator ignores it",
				"version": "the emulator can not upgrade a cluster", "bootstrapSelfManagedAddons": "AWS does not tell it",
				"computeConfig": "the emulator ignores it", "storageConfig": "the emulator ignores it", "defaultAddonsToRemoves": "it is an order, not a property",
				"forceUpdateVersion": "it is an order, not a property", "kubernetesNetworkConfig": "the emulator fills in its own", "remoteNetworkConfig": "the emulator ignores it",
			},
			Tag: tag,
			Create: create((*eksc).CreateCluster, "", func(r *request, in *api.CreateClusterInput) {
				in.Logging, in.EncryptionConfig = clusterLogging(r), encryption(r)
			}),
			Read: readCluster,
			Update: func(ctx context.Context, r *request) error {
				if r.changed("enabledClusterLogTypes") {
					if _, err := call(ctx, r, (*eksc).UpdateClusterConfig, &api.UpdateClusterConfigInput{Name: &r.id, Logging: clusterLogging(r)}); err != nil {
						return err
					}
				}
				if !r.changed("vpcConfig") {
					return nil
				}
				in := &api.UpdateClusterConfigInput{Name: &r.id}
				if err := fill(in, props{"vpcConfig": r.in["vpcConfig"]}, r.row.Rename); err != nil {
					return err
				}
				_, err := call(ctx, r, (*eksc).UpdateClusterConfig, in)
				return err
			},
			Delete: remove((*eksc).DeleteCluster, "Name"),
		},
		{
			Token: "aws:eks/nodeGroup:NodeGroup", Args: eks.NodeGroupArgs{}, State: eks.NodeGroup{},
			Name:    "nodeGroupName",
			Replace: []string{"clusterName", "nodeGroupName", "nodeGroupNamePrefix", "nodeRoleArn", "subnetIds", "amiType", "capacityType", "diskSize", "instanceTypes", "remoteAccess"},
			Rename:  map[string]string{"nodeRoleArn": "NodeRole", "subnetIds": "Subnets", "arn": "NodegroupArn"},
			Unseen: map[string]string{
				"nodeGroupNamePrefix": "AWS keeps the whole name only", "launchTemplate": "the emulator can not change it", "version": "the emulator can not change it",
				"updateConfig": "the emulator ignores it", "nodeRepairConfig": "the emulator ignores it", "forceUpdateVersion": "it is an order, not a property",
				"releaseVersion": "the emulator ignores it", "instanceTypes": "the emulator replaces it where a launch template is given",
			},
			Find: func(_ context.Context, r *request) (string, error) {
				return r.str("clusterName") + ":" + r.str("nodeGroupName"), nil
			},
			Tag: tag,
			Create: func(ctx context.Context, r *request) (string, error) {
				_, err := send(ctx, r, (*eksc).CreateNodegroup)
				return r.str("clusterName") + ":" + r.str("nodeGroupName"), err
			},
			Read: func(ctx context.Context, r *request) (props, error) {
				cluster, name, _ := strings.Cut(r.id, ":")
				out, err := call(ctx, r, (*eksc).DescribeNodegroup, &api.DescribeNodegroupInput{ClusterName: &cluster, NodegroupName: &name})
				if err != nil {
					return nil, err
				}
				return r.see(*out.Nodegroup), nil
			},
			Update: updateNodes,
			Delete: func(ctx context.Context, r *request) error {
				cluster, name, _ := strings.Cut(r.id, ":")
				_, err := call(ctx, r, (*eksc).DeleteNodegroup, &api.DeleteNodegroupInput{ClusterName: &cluster, NodegroupName: &name})
				return err
			},
		},
		{
			Token: "aws:eks/addon:Addon", Args: eks.AddonArgs{}, State: eks.Addon{},
			Simulated: true, Replace: []string{"clusterName", "addonName"},
			Sim: func(r *request) (string, props) {
				id := r.str("clusterName") + ":" + r.str("addonName")
				return id, props{"arn": r.arn("eks:addon/" + strings.ReplaceAll(id, ":", "/") + "/" + mark(r.urn))}
			},
		},
		{
			Token: "aws:eks/accessEntry:AccessEntry", Args: eks.AccessEntryArgs{}, State: eks.AccessEntry{},
			Simulated: true, Replace: []string{"clusterName", "principalArn", "type"},
			Sim: func(r *request) (string, props) {
				arn := r.arn("eks:access-entry/" + r.str("clusterName") + "/role/" + sandboxAccount + "/" + mark(r.urn))
				return r.str("clusterName") + ":" + r.str("principalArn"), props{"accessEntryArn": arn}
			},
		},
		{
			Token: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", Args: eks.AccessPolicyAssociationArgs{}, State: eks.AccessPolicyAssociation{},
			Simulated: true, Replace: []string{"*"},
			Sim: func(r *request) (string, props) {
				return r.str("clusterName") + "#" + r.str("principalArn") + "#" + r.str("policyArn"), nil
			},
		},
		{
			Token: "aws:eks/podIdentityAssociation:PodIdentityAssociation", Args: eks.PodIdentityAssociationArgs{}, State: eks.PodIdentityAssociation{},
			Simulated: true, Replace: []string{"clusterName", "namespace", "serviceAccount"},
			Sim: func(r *request) (string, props) {
				id := "a-" + mark(r.urn)
				return id, props{"associationId": id, "associationArn": r.arn("eks:podidentityassociation/" + r.str("clusterName") + "/" + id)}
			},
		},
	}
}

// clusterLogging turns the list of enabled log types into AWS's shape.
func clusterLogging(r *request) *types.Logging {
	on := types.LogSetup{Enabled: aws.Bool(true)}
	for _, t := range r.list("enabledClusterLogTypes") {
		on.Types = append(on.Types, types.LogType(t))
	}
	return &types.Logging{ClusterLogging: []types.LogSetup{on}}
}

func encryption(r *request) []types.EncryptionConfig {
	config, ok := r.in["encryptionConfig"].(props)
	if !ok {
		return nil
	}
	out := types.EncryptionConfig{Resources: stringList(config["resources"])}
	if provider, ok := config["provider"].(props); ok {
		out.Provider = &types.Provider{KeyArn: aws.String(text(provider["keyArn"]))}
	}
	return []types.EncryptionConfig{out}
}

// readCluster observes a cluster; log types, certificate and issuer have other shapes in Pulumi.
func readCluster(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*eksc).DescribeCluster, &api.DescribeClusterInput{Name: &r.id})
	if err != nil {
		return nil, err
	}
	c := out.Cluster
	enabled := []any{}
	if c.Logging != nil {
		for _, setup := range c.Logging.ClusterLogging {
			for _, t := range setup.Types {
				if aws.ToBool(setup.Enabled) {
					enabled = append(enabled, string(t))
				}
			}
		}
	}
	authority := base64.StdEncoding.EncodeToString([]byte("sandbox certificate authority of " + r.id))
	if c.CertificateAuthority != nil && aws.ToString(c.CertificateAuthority.Data) != "" {
		authority = aws.ToString(c.CertificateAuthority.Data)
	}
	issuer := "https://oidc.eks." + r.region + ".amazonaws.com/id/" + strings.ToUpper(mark(r.urn)+mark(r.id))
	if c.Identity != nil && c.Identity.Oidc != nil && aws.ToString(c.Identity.Oidc.Issuer) != "" {
		issuer = aws.ToString(c.Identity.Oidc.Issuer)
	}
	return r.see(*c, props{
		"enabledClusterLogTypes": enabled,
		"certificateAuthority":   props{"data": authority},
		"certificateAuthorities": []any{props{"data": authority}},
		"identities":             []any{props{"oidcs": []any{props{"issuer": issuer}}}},
		"clusterId":              nil,
	}), nil
}

// updateNodes changes sizes, labels and taints. Labels and taints are replaced as a whole.
func updateNodes(ctx context.Context, r *request) error {
	cluster, name, _ := strings.Cut(r.id, ":")
	in := &api.UpdateNodegroupConfigInput{ClusterName: &cluster, NodegroupName: &name}
	if err := fill(in, props{"scalingConfig": r.in["scalingConfig"], "updateConfig": r.in["updateConfig"]}, nil); err != nil {
		return err
	}
	if r.changed("labels") {
		set, unset := tagChange(stringMap(r.was["labels"]), stringMap(r.in["labels"]))
		in.Labels = &types.UpdateLabelsPayload{AddOrUpdateLabels: set, RemoveLabels: unset}
	}
	if r.changed("taints") {
		in.Taints = &types.UpdateTaintsPayload{}
		if err := fill(in.Taints, props{"addOrUpdateTaints": r.in["taints"]}, nil); err != nil {
			return err
		}
		if err := fill(in.Taints, props{"removeTaints": removed(r.was["taints"], r.in["taints"])}, nil); err != nil {
			return err
		}
	}
	_, err := call(ctx, r, (*eksc).UpdateNodegroupConfig, in)
	return err
}

// removed returns the elements of a list that another lacks.
func removed(old, new any) any {
	was, _ := old.([]any)
	now, _ := new.([]any)
	out := []any{}
	for _, w := range was {
		kept := false
		for _, n := range now {
			kept = kept || same(w, n)
		}
		if !kept {
			out = append(out, w)
		}
	}
	return out
}

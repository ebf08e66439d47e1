package aws

import (
	"context"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
)

type iamc = api.Client

// iamRows are roles, policies and what connects them.
func iamRows() []Resource {
	prefix := map[string]string{"namePrefix": "AWS keeps the whole name only"}
	return []Resource{
		{
			Token: "aws:iam/role:Role", Args: iam.RoleArgs{}, State: iam.Role{},
			Name: "name", NameMax: 64, Replace: []string{"name", "namePrefix", "path"},
			Rename: map[string]string{"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument", "uniqueId": "RoleId"},
			Unseen: prefix,
			Tag:    tagger((*iamc).TagRole, (*iamc).UntagRole, "RoleName", byID),
			Create: then(create((*iamc).CreateRole, ""), attachPolicies, putInlinePolicies),
			Read:   merged(readRole, readInlinePolicies),
			Update: steps(
				update((*iamc).UpdateAssumeRolePolicy, "RoleName", func(r *request, in *api.UpdateAssumeRolePolicyInput) {
					in.PolicyDocument = aws.String(r.str("assumeRolePolicy"))
				}),
				update((*iamc).UpdateRole, "RoleName"), attachPolicies, putInlinePolicies),
			Delete: steps(detachPolicies, deleteInlinePolicies, remove((*iamc).DeleteRole, "RoleName")),
		},
		{
			Token: "aws:iam/policy:Policy", Args: iam.PolicyArgs{}, State: iam.Policy{}, ARN: "iam:policy",
			Name: "name", NameMax: 128, Replace: []string{"name", "namePrefix", "path", "description"},
			Rename: map[string]string{"name": "PolicyName", "policy": "PolicyDocument"},
			Unseen: prefix,
			Tag:    tagger((*iamc).TagPolicy, (*iamc).UntagPolicy, "PolicyArn", byID),
			Find: func(_ context.Context, r *request) (string, error) {
				path := r.str("path")
				if path == "" {
					path = "/"
				}
				return r.arn("iam:policy" + path + r.str("name")), nil
			},
			Create: create((*iamc).CreatePolicy, "Policy.Arn"),
			Read:   merged(read((*iamc).GetPolicy, "PolicyArn", "Policy"), readPolicyDocument),
			Update: updatePolicy,
			Delete: steps(pruneVersions, remove((*iamc).DeletePolicy, "PolicyArn")),
		},
		{
			Token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", Args: iam.RolePolicyAttachmentArgs{}, State: iam.RolePolicyAttachment{},
			Rename: map[string]string{"role": "RoleName"},
			Create: func(ctx context.Context, r *request) (string, error) {
				_, err := send(ctx, r, (*iamc).AttachRolePolicy)
				return r.str("role") + "/" + r.str("policyArn"), err
			},
			Read: func(ctx context.Context, r *request) (props, error) {
				role, arn, _ := strings.Cut(r.id, "/")
				out, err := call(ctx, r, (*iamc).ListAttachedRolePolicies, &api.ListAttachedRolePoliciesInput{RoleName: &role})
				if err != nil {
					return nil, err
				}
				for _, p := range out.AttachedPolicies {
					if aws.ToString(p.PolicyArn) == arn {
						return props{"role": role, "policyArn": arn}, nil
					}
				}
				return nil, errGone
			},
			Delete: func(ctx context.Context, r *request) error {
				role, arn, _ := strings.Cut(r.id, "/")
				_, err := call(ctx, r, (*iamc).DetachRolePolicy, &api.DetachRolePolicyInput{RoleName: &role, PolicyArn: &arn})
				return err
			},
		},
		{
			Token: "aws:iam/rolePolicy:RolePolicy", Args: iam.RolePolicyArgs{}, State: iam.RolePolicy{},
			Name: "name", NameMax: 128, Replace: []string{"name", "namePrefix", "role"},
			Rename: map[string]string{"name": "PolicyName", "role": "RoleName", "policy": "PolicyDocument"},
			Unseen: prefix,
			Create: putRolePolicy, Update: again(putRolePolicy),
			Read: func(ctx context.Context, r *request) (props, error) {
				role, name, _ := strings.Cut(r.id, ":")
				out, err := call(ctx, r, (*iamc).GetRolePolicy, &api.GetRolePolicyInput{RoleName: &role, PolicyName: &name})
				if err != nil {
					return nil, err
				}
				return r.see(*out, props{"policy": decoded(out.PolicyDocument)}), nil
			},
			Delete: func(ctx context.Context, r *request) error {
				role, name, _ := strings.Cut(r.id, ":")
				_, err := call(ctx, r, (*iamc).DeleteRolePolicy, &api.DeleteRolePolicyInput{RoleName: &role, PolicyName: &name})
				return err
			},
		},
		{
			Token: "aws:iam/openIdConnectProvider:OpenIdConnectProvider", Args: iam.OpenIdConnectProviderArgs{}, State: iam.OpenIdConnectProvider{},
			Replace: []string{"url", "clientIdLists"},
			Rename:  map[string]string{"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"},
			Find: func(_ context.Context, r *request) (string, error) {
				return r.arn("iam:oidc-provider/" + strings.TrimPrefix(r.str("url"), "https://")), nil
			},
			Tag:    tagger((*iamc).TagOpenIDConnectProvider, (*iamc).UntagOpenIDConnectProvider, "OpenIDConnectProviderArn", byID),
			Create: create((*iamc).CreateOpenIDConnectProvider, "OpenIDConnectProviderArn"),
			Read: merged(read((*iamc).GetOpenIDConnectProvider, "OpenIDConnectProviderArn", ""), func(_ context.Context, r *request) (props, error) {
				// AWS drops the scheme of the URL.
				return props{"arn": r.id, "url": "https://" + strings.TrimPrefix(text(r.state["url"]), "https://")}, nil
			}),
			Update: update((*iamc).UpdateOpenIDConnectProviderThumbprint, "OpenIDConnectProviderArn"),
			Delete: remove((*iamc).DeleteOpenIDConnectProvider, "OpenIDConnectProviderArn"),
		},
		{
			Token: "aws:iam/instanceProfile:InstanceProfile", Args: iam.InstanceProfileArgs{}, State: iam.InstanceProfile{},
			Name: "name", NameMax: 128, Replace: []string{"name", "namePrefix", "path", "role"},
			Rename: map[string]string{"name": "InstanceProfileName", "uniqueId": "InstanceProfileId"},
			Unseen: prefix,
			Tag:    tagger((*iamc).TagInstanceProfile, (*iamc).UntagInstanceProfile, "InstanceProfileName", byID),
			Create: then(create((*iamc).CreateInstanceProfile, ""), func(ctx context.Context, r *request) error {
				if r.str("role") == "" {
					return nil
				}
				_, err := call(ctx, r, (*iamc).AddRoleToInstanceProfile, &api.AddRoleToInstanceProfileInput{InstanceProfileName: &r.id, RoleName: aws.String(r.str("role"))})
				return err
			}),
			Read: readInstanceProfile,
			Delete: steps(func(ctx context.Context, r *request) error {
				_, err := call(ctx, r, (*iamc).RemoveRoleFromInstanceProfile, &api.RemoveRoleFromInstanceProfileInput{InstanceProfileName: &r.id, RoleName: aws.String(r.str("role"))})
				if isGone(err) || r.str("role") == "" {
					return nil
				}
				return err
			}, remove((*iamc).DeleteInstanceProfile, "InstanceProfileName")),
		},
		{
			Token: "aws:iam/serviceLinkedRole:ServiceLinkedRole", Args: iam.ServiceLinkedRoleArgs{}, State: iam.ServiceLinkedRole{},
			Replace: []string{"*"},
			Rename:  map[string]string{"awsServiceName": "AWSServiceName", "name": "RoleName", "uniqueId": "RoleId"},
			Unseen:  map[string]string{"awsServiceName": "AWS tells it in the path only", "customSuffix": "AWS tells it in the name only", "tags": "AWS takes none at creation"},
			Find: func(ctx context.Context, r *request) (string, error) {
				out, err := call(ctx, r, (*iamc).ListRoles, &api.ListRolesInput{PathPrefix: aws.String("/aws-service-role/" + r.str("awsServiceName") + "/")})
				if err != nil || len(out.Roles) == 0 {
					return "", err
				}
				return aws.ToString(out.Roles[0].RoleName), nil
			},
			Create: create((*iamc).CreateServiceLinkedRole, "Role.RoleName"),
			Read:   readRole,
			Delete: remove((*iamc).DeleteServiceLinkedRole, "RoleName"),
		},
	}
}

// decoded undoes the URL encoding of IAM's policy documents.
func decoded(document *string) any {
	s, err := url.QueryUnescape(aws.ToString(document))
	if err != nil || s == "" {
		return nil
	}
	return s
}

func readPolicyDocument(ctx context.Context, r *request) (props, error) {
	policy, err := call(ctx, r, (*iamc).GetPolicy, &api.GetPolicyInput{PolicyArn: &r.id})
	if err != nil {
		return nil, err
	}
	version, err := call(ctx, r, (*iamc).GetPolicyVersion, &api.GetPolicyVersionInput{PolicyArn: &r.id, VersionId: policy.Policy.DefaultVersionId})
	if err != nil {
		return nil, err
	}
	// How many attach it is no property of the policy: it changes with other resources.
	return props{"policy": decoded(version.PolicyVersion.Document), "attachmentCount": nil}, nil
}

// updatePolicy makes the new document the only version.
func updatePolicy(ctx context.Context, r *request) error {
	if err := pruneVersions(ctx, r); err != nil {
		return err
	}
	_, err := call(ctx, r, (*iamc).CreatePolicyVersion, &api.CreatePolicyVersionInput{PolicyArn: &r.id, PolicyDocument: aws.String(r.str("policy")), SetAsDefault: true})
	return err
}

// pruneVersions deletes all versions but the default one: AWS keeps five, and deletes no policy that has more than one.
func pruneVersions(ctx context.Context, r *request) error {
	out, err := call(ctx, r, (*iamc).ListPolicyVersions, &api.ListPolicyVersionsInput{PolicyArn: &r.id})
	if err != nil {
		return err
	}
	for _, v := range out.Versions {
		if v.IsDefaultVersion {
			continue
		}
		if _, err := call(ctx, r, (*iamc).DeletePolicyVersion, &api.DeletePolicyVersionInput{PolicyArn: &r.id, VersionId: v.VersionId}); err != nil {
			return err
		}
	}
	return nil
}

func putRolePolicy(ctx context.Context, r *request) (string, error) {
	_, err := send(ctx, r, (*iamc).PutRolePolicy)
	return r.str("role") + ":" + r.str("name"), err
}

func readInstanceProfile(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*iamc).GetInstanceProfile, &api.GetInstanceProfileInput{InstanceProfileName: &r.id})
	if err != nil {
		return nil, err
	}
	role := props{"role": nil}
	if roles := out.InstanceProfile.Roles; len(roles) > 0 {
		role["role"] = aws.ToString(roles[0].RoleName)
	}
	return r.see(*out.InstanceProfile, role), nil
}

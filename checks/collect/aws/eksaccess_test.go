package aws_test

import (
	"net/http"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/evidence"
	"gatehouse/sandbox/sandboxtest"
)

// eksAnswers are EKS with two access entries on two pages.
func eksAnswers(t *testing.T) *awstest.Server {
	t.Helper()
	proxy := awstest.Proxy(t, "http://127.0.0.1:1")
	proxy.Set(t, "eks:DescribeCluster", awstest.JSON(map[string]any{"cluster": map[string]any{"name": "c", "accessConfig": map[string]any{"authenticationMode": "API"}}}))
	proxy.Set(t, "eks:ListAccessEntries", func(w http.ResponseWriter, r *http.Request, c awstest.Call, _ http.Handler) {
		answer := map[string]any{"accessEntries": []any{"arn:aws:iam::1:role/path/a"}, "nextToken": "2"}
		if r.URL.Query().Get("nextToken") == "2" {
			answer = map[string]any{"accessEntries": []any{"arn:aws:iam::1:user/b"}}
		}
		awstest.JSON(answer)(w, r, c, nil)
	})
	proxy.Set(t, "eks:DescribeAccessEntry", awstest.JSON(map[string]any{"accessEntry": map[string]any{"type": "STANDARD", "kubernetesGroups": []any{"y", "x"}}}))
	proxy.Set(t, "eks:ListAssociatedAccessPolicies", func(w http.ResponseWriter, r *http.Request, c awstest.Call, _ http.Handler) {
		policies := []any{}
		if strings.Contains(r.URL.Path, "role/path/a") {
			policies = []any{
				map[string]any{"policyArn": "p/View", "accessScope": map[string]any{"type": "namespace", "namespaces": []any{"n"}}},
				map[string]any{"policyArn": "p/Admin", "accessScope": map[string]any{"type": "cluster"}},
			}
		}
		awstest.JSON(map[string]any{"associatedAccessPolicies": policies})(w, r, c, nil)
	})
	return proxy
}

func TestClusterAccess(t *testing.T) {
	proxy := eksAnswers(t)
	got, problems := read(t.Context(), t, at(proxy.URL), evidence.AWSClusterAccess)
	require.Empty(t, problems)
	groups := []string{"x", "y"}
	require.Equal(t, evidence.EKSAccess{Mode: "API", Entries: []evidence.EKSAccessEntry{
		{Principal: "arn:aws:iam::1:role/path/a", Type: "STANDARD", Groups: groups, Policies: []evidence.EKSAccessPolicy{{ARN: "p/View", Namespaces: []string{"n"}}, {ARN: "p/Admin"}}},
		{Principal: "arn:aws:iam::1:user/b", Type: "STANDARD", Groups: groups},
	}}, got)

	// That somebody may enter is told even where nobody may say what they are given.
	proxy.Set(t, "eks:DescribeAccessEntry", awstest.Deny())
	got, problems = read(t.Context(), t, at(proxy.URL), evidence.AWSClusterAccess)
	require.NotEmpty(t, problems)
	require.Equal(t, evidence.Denied, problems[0].Kind)
	require.Len(t, got.Entries, 2)
	require.Equal(t, "arn:aws:iam::1:user/b", got.Entries[1].Principal)
	require.Len(t, got.Entries[0].Policies, 2)

	proxy.Set(t, "eks:ListAccessEntries", awstest.Fail(http.StatusNotImplemented, "NotImplemented", "later"))
	got, problems = read(t.Context(), t, at(proxy.URL), evidence.AWSClusterAccess)
	require.Equal(t, evidence.Unsupported, problems[0].Kind)
	require.Empty(t, got.Entries)
	require.Equal(t, "API", got.Mode)

	nowhere := at(proxy.URL)
	nowhere.Cluster = ""
	_, problems = read(t.Context(), t, nowhere, evidence.AWSClusterAccess)
	require.Equal(t, evidence.NotConfigured, problems[0].Kind)
}

// The policies of roles and users are named, with those of a user's groups.
func TestPoliciesOfPeople(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the AWS emulator, which -short leaves out")
	}
	endpoint, _ := sandboxtest.OwnAWS(t)
	client := iam.NewFromConfig(emulated(endpoint))
	ctx, ann, ops, pod := t.Context(), sdk.String("ann"), sdk.String("ops"), sdk.String("pod")
	const document = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}`
	_, err := client.CreateUser(ctx, &iam.CreateUserInput{UserName: ann})
	require.NoError(t, err)
	_, err = client.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: ops})
	require.NoError(t, err)
	_, err = client.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: ops, UserName: ann})
	require.NoError(t, err)
	_, err = client.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: ann, PolicyName: sdk.String("mine"), PolicyDocument: sdk.String(document)})
	require.NoError(t, err)
	_, err = client.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: ops, PolicyName: sdk.String("theirs"), PolicyDocument: sdk.String(document)})
	require.NoError(t, err)
	_, err = client.CreateRole(ctx, &iam.CreateRoleInput{RoleName: pod, AssumeRolePolicyDocument: sdk.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`)})
	require.NoError(t, err)
	made, err := client.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: sdk.String("b"), PolicyDocument: sdk.String(document)})
	require.NoError(t, err)
	_, err = client.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: pod, PolicyArn: made.Policy.Arn})
	require.NoError(t, err)
	_, err = client.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: pod, PolicyName: sdk.String("a"), PolicyDocument: sdk.String(document)})
	require.NoError(t, err)

	got, problems := read(ctx, t, at(endpoint), evidence.AWSAccess)
	require.Empty(t, problems)
	require.Equal(t, []evidence.IAMUser{{ARN: "arn:aws:iam::123456789012:user/ann", Name: "ann", Policies: []string{"mine", "theirs of the group ops"}}}, got.Users)
	require.Len(t, got.Roles, 1)
	require.Equal(t, []string{"a", "b"}, got.Roles[0].Policies)
	require.Equal(t, "arn:aws:iam::123456789012:role/pod", got.Roles[0].ARN)
}

package aws

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"gatehouse/checks/evidence"
)

func readerOfAccess(c *Collector) evidence.Reader {
	return evidence.Read(evidence.AWSAccess, inGlobal("iam:GetAccountAuthorizationDetails", ""), c.access)
}

// everything are AWS's own policies that allow everything, or to give oneself
// everything.
var everything = []string{"AdministratorAccess", "IAMFullAccess"}

func (c *Collector) access(ctx context.Context) (evidence.IAMAccess, error) {
	var roles []types.RoleDetail
	var users []types.UserDetail
	var groups []types.GroupDetail
	admin := map[string]bool{}
	var odd error
	list := iam.NewGetAccountAuthorizationDetailsPaginator(iam.NewFromConfig(c.global()), &iam.GetAccountAuthorizationDetailsInput{
		// AWS's own policies are known by their names; there are a thousand.
		Filter: []types.EntityType{types.EntityTypeRole, types.EntityTypeUser, types.EntityTypeGroup, types.EntityTypeLocalManagedPolicy},
	})
	err := pages(ctx, list, func(page *iam.GetAccountAuthorizationDetailsOutput) {
		roles, users, groups = append(roles, page.RoleDetailList...), append(users, page.UserDetailList...), append(groups, page.GroupDetailList...)
		for _, policy := range page.Policies {
			for _, version := range policy.PolicyVersionList {
				if version.IsDefaultVersion {
					all, wrong := allowsAll(aws.ToString(version.Document))
					admin[aws.ToString(policy.Arn)] = all
					odd = firstOf(odd, wrong)
				}
			}
		}
	})
	if err != nil {
		return evidence.IAMAccess{}, err // a policy may be on a page that is missing
	}
	out := evidence.IAMAccess{}
	by := func(attached []types.AttachedPolicy, inline []types.PolicyDetail) string {
		for _, policy := range attached {
			name := aws.ToString(policy.PolicyName)
			if where, err := arn.Parse(aws.ToString(policy.PolicyArn)); err == nil && where.AccountID == "aws" && slices.Contains(everything, name) ||
				admin[aws.ToString(policy.PolicyArn)] {
				return name
			}
		}
		for _, policy := range inline {
			all, wrong := allowsAll(aws.ToString(policy.PolicyDocument))
			odd = firstOf(odd, wrong)
			if all {
				return aws.ToString(policy.PolicyName)
			}
		}
		return ""
	}
	for _, role := range roles {
		trusts, wrong := trustsOf(aws.ToString(role.AssumeRolePolicyDocument))
		odd = firstOf(odd, wrong)
		if where, err := arn.Parse(aws.ToString(role.Arn)); err == nil {
			out.Account = where.AccountID
		}
		out.Roles = append(out.Roles, evidence.IAMRole{
			ARN: aws.ToString(role.Arn), Name: aws.ToString(role.RoleName), Path: aws.ToString(role.Path), Trusts: trusts,
			Admin:    by(role.AttachedManagedPolicies, role.RolePolicyList),
			Policies: policyNames(role.AttachedManagedPolicies, role.RolePolicyList),
		})
	}
	ofGroup := map[string]string{}
	policiesOf := map[string][]string{}
	for _, group := range groups {
		name := aws.ToString(group.GroupName)
		ofGroup[name] = by(group.AttachedManagedPolicies, group.GroupPolicyList)
		policiesOf[name] = policyNames(group.AttachedManagedPolicies, group.GroupPolicyList)
	}
	for _, user := range users {
		found := evidence.IAMUser{
			ARN: aws.ToString(user.Arn), Name: aws.ToString(user.UserName),
			Admin:    by(user.AttachedManagedPolicies, user.UserPolicyList),
			Policies: policyNames(user.AttachedManagedPolicies, user.UserPolicyList),
		}
		for _, group := range user.GroupList {
			if found.Admin == "" && ofGroup[group] != "" {
				found.Admin = inGroup(ofGroup[group], group)
			}
			for _, policy := range policiesOf[group] {
				found.Policies = append(found.Policies, inGroup(policy, group))
			}
		}
		slices.Sort(found.Policies)
		out.Users = append(out.Users, found)
	}
	return out, odd
}

// inGroup names a policy that a user has by a group.
func inGroup(policy, group string) string { return fmt.Sprintf("%s of the group %s", policy, group) }

// policyNames are the names of what is attached and what is written in.
func policyNames(attached []types.AttachedPolicy, inline []types.PolicyDetail) []string {
	var names []string
	for _, policy := range attached {
		names = append(names, aws.ToString(policy.PolicyName))
	}
	for _, policy := range inline {
		names = append(names, aws.ToString(policy.PolicyName))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// document is an IAM policy as AWS returns it: JSON in the coding of URLs.
type document struct {
	Statement list[statement]
}

type statement struct {
	Effect    string
	Principal json.RawMessage
	Action    list[string]
	Resource  list[string]
	Condition map[string]map[string]list[any] // some values are true and false
}

// list is one value or several: IAM's JSON has both.
type list[T any] []T

// UnmarshalJSON reads one value or several.
func (l *list[T]) UnmarshalJSON(text []byte) error {
	var several []T
	if json.Unmarshal(text, &several) == nil {
		*l = several
		return nil
	}
	var one T
	if err := json.Unmarshal(text, &one); err != nil {
		return err
	}
	*l = list[T]{one}
	return nil
}

func documentOf(text string) (document, error) {
	var d document
	plain, err := url.QueryUnescape(text)
	if err == nil && json.Unmarshal([]byte(plain), &d) == nil {
		return d, nil
	}
	// Some answer without the coding, in which a plus is a plus.
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return d, evidence.Problem{Kind: evidence.Invalid, Message: fmt.Sprintf("a policy of IAM cannot be read: %v", err)}
	}
	return d, nil
}

package redis

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// User is an application that may connect.
type User struct {
	// Name is the application, e.g. "portal". Its name in Redis is UserName.
	Name string
	// Password lets it in, of 16 to 128 characters; nil has it authenticate by
	// IAM, which is better and which not every client can do.
	Password pulumi.StringInput
	// Keys and Channels are the patterns that it may touch, e.g. "portal:*".
	Keys, Channels []string
	// Commands are Redis ACL rules in their order, e.g. "+@read"; everything
	// else is refused.
	Commands []string
}

// AccessString renders the user's Redis ACL. It says `-@all` where
// ElastiCache would add it, so that what is read back is what was written.
func (u User) AccessString() string {
	rules := []string{"on"}
	for _, pattern := range u.Keys {
		rules = append(rules, "~"+pattern)
	}
	for _, pattern := range u.Channels {
		rules = append(rules, "&"+pattern)
	}
	return strings.Join(append(append(rules, "-@all"), u.Commands...), " ")
}

// authentication is the way in. The password is secret, whatever it was.
func (u User) authentication() elasticache.UserAuthenticationModeArgs {
	if u.Password == nil {
		return elasticache.UserAuthenticationModeArgs{Type: pulumi.String("iam")}
	}
	secret := pulumi.ToSecret(u.Password.ToStringOutput()).(pulumi.StringOutput)
	return elasticache.UserAuthenticationModeArgs{Type: pulumi.String("password"), Passwords: pulumi.StringArray{secret}}
}

// UserName is the name in Redis of a component's user: both names, since users
// are unique in an account, cut to 40 characters.
func UserName(cache, user string) string { return component.Name(idLimit, cache, user) }

// nobody is the ACL of the default user: switched off, and allowed nothing if
// someone switched it on.
const nobody = "off ~* -@all"

// access is who may use the cache.
type access struct {
	groupID  pulumi.StringOutput
	userARNs map[string]pulumi.StringOutput
}

// newAccess makes the users and their group. A group must hold a user whose
// name is "default": ours replaces AWS's, which may do everything.
func newAccess(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (access, error) {
	a := access{userARNs: map[string]pulumi.StringOutput{}}
	disabled, err := elasticache.NewUser(ctx, name+"-default", &elasticache.UserArgs{
		UserId:             pulumi.String(component.Name(idLimit, name, "default")),
		UserName:           pulumi.String("default"),
		Engine:             pulumi.String("redis"),
		AccessString:       pulumi.String(nobody),
		AuthenticationMode: elasticache.UserAuthenticationModeArgs{Type: pulumi.String("no-password-required")},
	}, child)
	if err != nil {
		return a, err
	}
	members := pulumi.StringArray{disabled.UserId}
	byName := func(x, y User) int { return cmp.Compare(x.Name, y.Name) }
	for _, u := range slices.SortedFunc(slices.Values(args.Users), byName) {
		// IAM authentication demands that ID and name be one.
		id := pulumi.String(UserName(name, u.Name))
		user, err := elasticache.NewUser(ctx, name+"-"+u.Name, &elasticache.UserArgs{
			UserId:             id,
			UserName:           id,
			Engine:             pulumi.String("redis"),
			AccessString:       pulumi.String(u.AccessString()),
			AuthenticationMode: u.authentication(),
		}, child)
		if err != nil {
			return a, err
		}
		members = append(members, user.UserId)
		a.userARNs[u.Name] = user.Arn
	}
	group, err := elasticache.NewUserGroup(ctx, name+"-users", &elasticache.UserGroupArgs{
		UserGroupId: pulumi.String(component.Name(idLimit, name, "users")),
		Engine:      pulumi.String("redis"),
		UserIds:     members,
	}, child)
	if err != nil {
		return a, err
	}
	a.groupID = group.UserGroupId
	return a, nil
}

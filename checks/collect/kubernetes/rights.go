package kubernetes

import (
	"context"
	"errors"
	"strings"
	"sync"

	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"golang.org/x/sync/errgroup"

	"gatehouse/checks/evidence"
)

// action is something that lets an account become more than it is, or reach
// what is not its own ("RBAC Good Practices", privilege escalation risks).
type action struct {
	verb, group, resource string
	// everywhere asks about all namespaces rather than the account's own.
	everywhere bool
}

func (a action) String() string {
	text := a.verb + " " + a.resource
	if a.group != "" && a.group != "*" {
		text += "." + a.group
	}
	return text
}

// actions are those that no account of the portal needs.
var actions = []action{
	{verb: "*", group: "*", resource: "*", everywhere: true},
	{verb: "list", resource: "secrets", everywhere: true},
	{verb: "get", resource: "secrets", everywhere: true},
	{verb: "create", resource: "pods", everywhere: true},
	{verb: "create", resource: "pods/exec"},
	{verb: "create", resource: "pods/ephemeralcontainers"},
	{verb: "create", resource: "serviceaccounts/token"},
	{verb: "impersonate", resource: "users", everywhere: true},
	{verb: "escalate", group: "rbac.authorization.k8s.io", resource: "clusterroles", everywhere: true},
	{verb: "bind", group: "rbac.authorization.k8s.io", resource: "clusterroles", everywhere: true},
	{verb: "create", group: "rbac.authorization.k8s.io", resource: "rolebindings"},
	{verb: "get", resource: "nodes/proxy", everywhere: true},
	{verb: "update", group: "admissionregistration.k8s.io", resource: "mutatingwebhookconfigurations", everywhere: true},
	{verb: "delete", group: "networking.k8s.io", resource: "networkpolicies"},
}

// reviewsAtOnce is how many questions are under way at the same time.
const reviewsAtOnce = 16

func (c *Collector) rights(ctx context.Context) ([]evidence.KubeRight, error) {
	accounts, listed := inPortal(c, "list serviceaccounts", func(namespace string, take func(evidence.KubeAccount)) error {
		return c.accountsIn(ctx, namespace, take)
	})
	found := make([]evidence.KubeRight, len(accounts)*len(actions))
	asked := make([]bool, len(found))
	var mu sync.Mutex
	var refused error // the first: all would say the same
	var group errgroup.Group
	group.SetLimit(reviewsAtOnce)
	for i := range found {
		account, do := accounts[i/len(actions)].KubeObject, actions[i%len(actions)]
		group.Go(func() error {
			allowed, err := c.can(ctx, account, do)
			mu.Lock()
			defer mu.Unlock()
			if err != nil && refused == nil {
				refused = c.problem("create subjectaccessreviews.authorization.k8s.io", err)
			}
			found[i] = evidence.KubeRight{Account: account, Action: do.String(), Everywhere: do.everywhere, Allowed: allowed}
			asked[i] = err == nil
			return err
		})
	}
	_ = group.Wait()
	known := []evidence.KubeRight{}
	for i, right := range found {
		if asked[i] {
			known = append(known, right)
		}
	}
	return known, errors.Join(listed, refused)
}

// can asks as `kubectl auth can-i --as` does, without impersonating anybody.
func (c *Collector) can(ctx context.Context, account evidence.KubeObject, do action) (bool, error) {
	resource, sub, _ := strings.Cut(do.resource, "/")
	attributes := &authorizationv1.ResourceAttributes{Verb: do.verb, Group: do.group, Resource: resource, Subresource: sub}
	if !do.everywhere {
		attributes.Namespace = account.Namespace
	}
	review, err := c.typed.AuthorizationV1().SubjectAccessReviews().Create(ctx, &authorizationv1.SubjectAccessReview{
		Spec: authorizationv1.SubjectAccessReviewSpec{
			User: "system:serviceaccount:" + account.Namespace + ":" + account.Name, Groups: []string{
				"system:serviceaccounts", "system:serviceaccounts:" + account.Namespace, "system:authenticated",
			},
			ResourceAttributes: attributes,
		},
	}, metav1.CreateOptions{})
	if err != nil {
		return false, err
	}
	return review.Status.Allowed, nil
}

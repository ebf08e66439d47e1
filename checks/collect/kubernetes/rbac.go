package kubernetes

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/checks/evidence"
)

const bootstrapping = "kubernetes.io/bootstrapping"

func (c *Collector) rbac(ctx context.Context) (evidence.KubeRBAC, error) {
	var found evidence.KubeRBAC
	err := atOnce(
		func() (err error) { found.Roles, err = c.roles(ctx); return err },
		func() (err error) { found.Bindings, err = c.bindings(ctx); return err },
	)
	return found, err
}

func (c *Collector) roles(ctx context.Context) ([]evidence.KubeRoleRules, error) {
	type taker = func(evidence.KubeRoleRules)
	role := func(o metav1.Object, rules []rbacv1.PolicyRule) evidence.KubeRoleRules {
		return evidence.KubeRoleRules{KubeObject: named(o), BuiltIn: builtIn(o), Rules: rulesOf(rules)}
	}
	api := c.typed.RbacV1()
	return together(
		func(take taker) error {
			return all(ctx, c, "clusterroles.rbac.authorization.k8s.io", api.ClusterRoles().List, func(list *rbacv1.ClusterRoleList) {
				for i := range list.Items {
					take(role(&list.Items[i], list.Items[i].Rules))
				}
			})
		},
		func(take taker) error {
			return all(ctx, c, "roles.rbac.authorization.k8s.io", api.Roles(everywhere).List, func(list *rbacv1.RoleList) {
				for i := range list.Items {
					take(role(&list.Items[i], list.Items[i].Rules))
				}
			})
		},
	)
}

func (c *Collector) bindings(ctx context.Context) ([]evidence.KubeBinding, error) {
	type taker = func(evidence.KubeBinding)
	binding := func(o metav1.Object, ref rbacv1.RoleRef, subjects []rbacv1.Subject) evidence.KubeBinding {
		b := evidence.KubeBinding{
			KubeObject: named(o), BuiltIn: builtIn(o), ClusterRole: ref.Kind == "ClusterRole", Role: ref.Name,
			Subjects: []evidence.KubeSubject{},
		}
		for _, s := range subjects {
			b.Subjects = append(b.Subjects, evidence.KubeSubject{Kind: s.Kind, Namespace: s.Namespace, Name: s.Name})
		}
		return b
	}
	api := c.typed.RbacV1()
	return together(
		func(take taker) error {
			return all(ctx, c, "clusterrolebindings.rbac.authorization.k8s.io", api.ClusterRoleBindings().List, func(list *rbacv1.ClusterRoleBindingList) {
				for i := range list.Items {
					take(binding(&list.Items[i], list.Items[i].RoleRef, list.Items[i].Subjects))
				}
			})
		},
		func(take taker) error {
			return all(ctx, c, "rolebindings.rbac.authorization.k8s.io", api.RoleBindings(everywhere).List, func(list *rbacv1.RoleBindingList) {
				for i := range list.Items {
					take(binding(&list.Items[i], list.Items[i].RoleRef, list.Items[i].Subjects))
				}
			})
		},
	)
}

func builtIn(o metav1.Object) bool { return o.GetLabels()[bootstrapping] == "rbac-defaults" }

func rulesOf(rules []rbacv1.PolicyRule) []evidence.KubeRule {
	found := []evidence.KubeRule{}
	for _, r := range rules {
		found = append(found, evidence.KubeRule{
			Groups: r.APIGroups, Resources: r.Resources, Names: r.ResourceNames, URLs: r.NonResourceURLs, Verbs: r.Verbs,
		})
	}
	return found
}

func (c *Collector) accounts(ctx context.Context) ([]evidence.KubeAccount, error) {
	return together(func(take func(evidence.KubeAccount)) error { return c.accountsIn(ctx, everywhere, take) })
}

func (c *Collector) accountsIn(ctx context.Context, namespace string, take func(evidence.KubeAccount)) error {
	return all(ctx, c, "serviceaccounts", c.typed.CoreV1().ServiceAccounts(namespace).List, func(list *corev1.ServiceAccountList) {
		for i := range list.Items {
			s := &list.Items[i]
			take(evidence.KubeAccount{
				KubeObject: named(s), Token: s.AutomountServiceAccountToken, RoleARN: s.Annotations["eks.amazonaws.com/role-arn"],
			})
		}
	})
}

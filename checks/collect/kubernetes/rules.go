package kubernetes

import rbacv1 "k8s.io/api/rbac/v1"

// Rules are what the collector needs in the whole cluster: the rules of a
// ClusterRole that reads, and no more. SubjectAccessReviews are questions, which
// change nothing.
func Rules() []rbacv1.PolicyRule {
	list := func(group string, resources ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: resources, Verbs: []string{"list"}}
	}
	return []rbacv1.PolicyRule{
		list("", "nodes", "namespaces", "pods", "services", "serviceaccounts", "persistentvolumeclaims", "resourcequotas", "limitranges"),
		list("apps", "deployments", "statefulsets", "daemonsets", "replicasets"),
		list("batch", "cronjobs", "jobs"),
		list("autoscaling", "horizontalpodautoscalers"),
		list("policy", "poddisruptionbudgets"),
		list("storage.k8s.io", "storageclasses"),
		list("networking.k8s.io", "networkpolicies", "ingresses"),
		list("discovery.k8s.io", "endpointslices"),
		list("rbac.authorization.k8s.io", "roles", "rolebindings", "clusterroles", "clusterrolebindings"),
		list("cert-manager.io", "certificates"),
		list("external-secrets.io", "externalsecrets", "secretstores", "clustersecretstores"),
		list("security.istio.io", "peerauthentications"),
		list("networking.istio.io", "destinationrules"),
		{APIGroups: []string{"authorization.k8s.io"}, Resources: []string{"subjectaccessreviews"}, Verbs: []string{"create"}},
		{NonResourceURLs: []string{"/version"}, Verbs: []string{"get"}},
	}
}

// PortalRules are what it needs besides in each of the portal's namespaces: the
// rules of a Role. Values of Secrets do not leave the collector.
func PortalRules() []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"secrets", "configmaps"}, Verbs: []string{"list"}},
		{APIGroups: []string{""}, Resources: []string{"configmaps"}, ResourceNames: []string{backupStatus}, Verbs: []string{"get"}},
	}
}

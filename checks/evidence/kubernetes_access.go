package evidence

// KubeRoleRules is a Role or ClusterRole.
type KubeRoleRules struct {
	KubeObject
	// BuiltIn is whether Kubernetes itself makes and mends it
	// (kubernetes.io/bootstrapping).
	BuiltIn bool       `json:"builtIn,omitempty"`
	Rules   []KubeRule `json:"rules"`
}

// KubeRule is one rule of a role.
type KubeRule struct {
	Groups    []string `json:"groups,omitempty"`
	Resources []string `json:"resources,omitempty"`
	Names     []string `json:"names,omitempty"`
	URLs      []string `json:"urls,omitempty"`
	Verbs     []string `json:"verbs"`
}

// KubeBinding is a RoleBinding or ClusterRoleBinding.
type KubeBinding struct {
	// Namespace is "" for a ClusterRoleBinding.
	KubeObject
	BuiltIn bool `json:"builtIn,omitempty"`
	// ClusterRole is whether Role is a ClusterRole.
	ClusterRole bool          `json:"clusterRole,omitempty"`
	Role        string        `json:"role"`
	Subjects    []KubeSubject `json:"subjects"`
}

// KubeSubject is who a binding is about.
type KubeSubject struct {
	// Kind is User, Group or ServiceAccount.
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

func (s KubeSubject) String() string {
	if s.Kind == "ServiceAccount" {
		return s.Kind + " " + s.Namespace + "/" + s.Name
	}
	return s.Kind + " " + s.Name
}

// KubeRBAC is who may do what.
type KubeRBAC struct {
	Roles    []KubeRoleRules `json:"roles"`
	Bindings []KubeBinding   `json:"bindings"`
}

// KubeAccount is a ServiceAccount.
type KubeAccount struct {
	KubeObject
	// Token is automountServiceAccountToken; nil means true.
	Token *bool `json:"token,omitempty"`
	// RoleARN is the AWS role that it may take.
	RoleARN string `json:"roleArn,omitempty"`
}

// KubeRight is the API server's own answer to what an account of the portal may
// do: `kubectl auth can-i ACTION --as=ACCOUNT`.
type KubeRight struct {
	Account KubeObject `json:"account"`
	// Action is as kubectl says it: "create pods/exec".
	Action string `json:"action"`
	// Everywhere is whether it was asked for the whole cluster rather than the
	// account's own namespace.
	Everywhere bool `json:"everywhere,omitempty"`
	Allowed    bool `json:"allowed,omitempty"`
}

// The queries of access. Rights are asked for the accounts of the portal's
// namespaces.
var (
	KubernetesRBAC = Define[KubeRBAC](Kubernetes, "rbac",
		"list roles.rbac.authorization.k8s.io", "list clusterroles.rbac.authorization.k8s.io",
		"list rolebindings.rbac.authorization.k8s.io", "list clusterrolebindings.rbac.authorization.k8s.io")
	KubernetesAccounts = Define[[]KubeAccount](Kubernetes, "accounts", "list serviceaccounts")
	KubernetesRights   = Define[[]KubeRight](Kubernetes, "rights",
		"list serviceaccounts", "create subjectaccessreviews.authorization.k8s.io")
)

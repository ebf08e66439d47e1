package access_test

import (
	"fmt"
	"testing"
	"time"

	"gatehouse/checks/checkstest"
	. "gatehouse/checks/collect/kubernetes/kubernetestest"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/access"
)

func list(items ...any) []any { return items }

func thresholds(t *testing.T) judge.Thresholds {
	t.Helper()
	return checkstest.Figures(t, judge.Thresholds{
		"secretSubjects": list("ServiceAccount kube-system/*", "ServiceAccount readiness/readiness"), "outsideMesh": list(),
		"providerClients": list("*GITHUB_CLIENT_ID", "*OIDC_CLIENT_ID"),
	}, "wildcardSubjects", "adminSubjects", "rights", "meshNamespace", "plaintextPeers", "maximumRefreshInterval", "lateIntervals",
		"oauthKeys", "minimumValidity", "renewalDelay")
}

func TestLive(t *testing.T) {
	w := New(t)
	w.Apply(t, `{apiVersion: external-secrets.io/v1, kind: ClusterSecretStore, metadata: {name: main}, spec: {provider: {aws: {service: SecretsManager, region: us-west-2}}}}
---
{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: session, namespace: backstage}, spec: {refreshInterval: 1h0m0s, secretStoreRef: {kind: ClusterSecretStore, name: main}, data: [{secretKey: KEY, remoteRef: {key: session}}]}}
---
{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: own}, spec: {selfSigned: {}}}
---
{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: portal, namespace: developer-portal}, spec: {secretName: tls, dnsNames: [portal.example.com], issuerRef: {kind: ClusterIssuer, name: own}}}`)
	stage := checkstest.Stage{
		Checkers: access.Checkers(), Thresholds: thresholds(t),
		Environment: judge.Environment{Name: "test", Namespaces: Namespaces}, Readers: w.Readers,
	}
	w.Settled(t, stage, "external-secrets-synced", "secret-stores-ready", "certificates-renewed", "mesh-enrolment",
		"kubernetes-service-accounts", "kubernetes-rbac-secrets", "kubernetes-rbac-wildcards", "kubernetes-rbac-admins")

	bind := func(role, subject string) func(*testing.T) func() {
		return w.Added(fmt.Sprintf("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: wrong}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}, subjects: [%s]}", role, subject))
	}
	const (
		account  = "{kind: ServiceAccount, namespace: backstage, name: backstage}"
		anybody  = "{apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:authenticated'}"
		pod      = "{apiVersion: v1, kind: Pod, metadata: {name: stray, namespace: backstage, labels: {app: stray}}, spec: {%s securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}, containers: [{name: c, image: none, %s securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}, resources: {requests: {cpu: 10m, memory: 8Mi}, limits: {cpu: 10m, memory: 8Mi}}}]}}"
		security = "security.istio.io"
	)
	wildcard := func(t *testing.T) func() {
		role := w.Add(t, "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: wide}, rules: [{apiGroups: [apps], resources: ['*'], verbs: [get]}]}")
		bound := bind("wide", account)(t)
		return func() { bound(); role() }
	}
	secretReader := func(t *testing.T) func() {
		role := w.Add(t, "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: curious}, rules: [{apiGroups: [''], resources: [secrets], verbs: [list]}]}")
		bound := bind("curious", account)(t)
		return func() { bound(); role() }
	}
	ending := fmt.Sprintf("{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: portal, namespace: developer-portal}, status: {notAfter: %q}}",
		time.Now().Add(24*time.Hour).UTC().Format(time.RFC3339))
	rbac := List("rbac.authorization.k8s.io", "clusterrolebindings")

	play := stage
	play.Limit = 3 * time.Second
	play.Play(t,
		w.Scene(stage, "kubernetes-rbac-wildcards", wildcard, "ServiceAccount backstage/backstage has the role wide, which allows get on * of apps", rbac),
		w.Scene(stage, "kubernetes-rbac-admins", bind("cluster-admin", anybody), "Group system:authenticated is cluster-admin", rbac),
		w.Scene(stage, "kubernetes-rbac-secrets", secretReader, "ServiceAccount backstage/backstage may list secrets", rbac),
		w.Scene(stage, "kubernetes-service-accounts", w.Added(fmt.Sprintf(pod, "", "")), "it runs as the default account", List("", "pods")),
		w.Scene(stage, "kubernetes-portal-rights", secretReader, "serviceaccount backstage/backstage: it may list secrets in the whole cluster",
			Create("authorization.k8s.io", "subjectaccessreviews")),
		w.Scene(stage, "mesh-strict", w.Added("{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: lax, namespace: backstage}, spec: {selector: {matchLabels: {app: backstage}}, portLevelMtls: {'7007': {mode: PERMISSIVE}}}}"),
			"port 7007 is PERMISSIVE", List(security, "peerauthentications")),
		w.Scene(stage, "mesh-clients", w.Added("{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: plain, namespace: backstage}, spec: {host: pooler.backstage.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}}"),
			"TLS mode DISABLE", List("networking.istio.io", "destinationrules")),
		w.Scene(stage, "mesh-enrolment", w.Added(fmt.Sprintf(pod, "serviceAccountName: backstage,", "")), "pod backstage/stray: it has no sidecar", List("", "pods")),
		w.Scene(stage, "external-secrets-synced", w.Added("{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: once, namespace: backstage}, spec: {refreshInterval: 0s, secretStoreRef: {kind: ClusterSecretStore, name: main}, data: [{secretKey: KEY, remoteRef: {key: once}}]}}"),
			"it is never refreshed", List("external-secrets.io", "externalsecrets")),
		w.Scene(stage, "secret-stores-ready", w.Added("{apiVersion: external-secrets.io/v1, kind: SecretStore, metadata: {name: pretend, namespace: backstage}, spec: {provider: {fake: {data: []}}}}"),
			"secretstore backstage/pretend: it makes its values up", List("external-secrets.io", "clustersecretstores")),
		w.Scene(stage, "kubernetes-plaintext-secrets", w.Added(fmt.Sprintf(pod, "", "env: [{name: DATABASE_PASSWORD, value: hunter2}],")),
			"DATABASE_PASSWORD has its value in the pod's description", List("apps", "deployments")),
		w.Scene(stage, "sso-configured", func(t *testing.T) func() {
			first := w.Change(t, "{apiVersion: v1, kind: Secret, metadata: {name: portal-frontend, namespace: developer-portal}, data: {GITHUB_CLIENT_SECRET: null}}")
			return first
		}, "it has GITHUB_CLIENT_ID and no GITHUB_CLIENT_SECRET", List("", "secrets")),
		w.Scene(stage, "github-oauth-secret", w.Changed("{apiVersion: v1, kind: Secret, metadata: {name: backstage, namespace: backstage}, stringData: {AUTH_GITHUB_CLIENT_SECRET: your-client-secret}}"),
			"AUTH_GITHUB_CLIENT_SECRET is a placeholder", List("", "secrets")),
		w.Scene(stage, "certificates-renewed", w.Changed(ending), "certificate developer-portal/portal: it ends at", List("cert-manager.io", "certificates")),
	)
}

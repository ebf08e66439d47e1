// Package kubernetes reads a cluster: one reader a kind of evidence, one file a
// subject. It only reads, in pages, and keeps of each object what decides.
//
// Judging lives in checks/judge. Values of Secrets pass through here, and leave
// as "is set", "is empty" and "is a placeholder".
package kubernetes

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/connrotation"

	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// The pace of the readers together: calls a second, and at once. A production
// API server takes hundreds.
const (
	callsPerSecond = 50
	callsAtOnce    = 100
)

// dialTimeout is client-go's own.
const dialTimeout = 30 * time.Second

// Collector reads one cluster.
type Collector struct {
	typed      kubernetes.Interface
	dynamic    dynamic.Interface
	client     *http.Client
	dialer     *connrotation.Dialer
	watch      *watcher
	namespaces []string
}

// New prepares to read a cluster; it connects with the first reading. The
// namespaces are the portal's own: Secrets and ConfigMaps are read only there.
// It fails when the kubeconfig cannot be used.
func New(_ context.Context, t target.Kubernetes, namespaces []string) (*Collector, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = t.Kubeconfig
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		rules, &clientcmd.ConfigOverrides{CurrentContext: t.Context}).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("load the kubeconfig: %w", err)
	}
	return connect(config, namespaces)
}

func connect(config *rest.Config, namespaces []string) (*Collector, error) {
	config = rest.CopyConfig(config)
	// Read now: client-go would otherwise watch the files for as long as the
	// process lives.
	if err := rest.LoadTLSFiles(config); err != nil {
		return nil, fmt.Errorf("load the kubeconfig's certificates: %w", err)
	}
	config.CertFile, config.KeyFile, config.CAFile = "", "", ""
	config.QPS, config.Burst = callsPerSecond, callsAtOnce
	config.UserAgent = "gatehouse-readiness"
	config.WarningHandler = rest.NoWarnings{}
	c := &Collector{watch: &watcher{}, namespaces: namespaces}
	// It knows its connections: one that is being made when the time is up would
	// outlive the calls that wanted it.
	c.dialer = connrotation.NewDialer((&net.Dialer{Timeout: dialTimeout}).DialContext)
	config.Dial = c.dialer.DialContext
	config.Wrap(c.watch.wrap)
	var err error
	if c.client, err = rest.HTTPClientFor(config); err != nil {
		return nil, fmt.Errorf("prepare the cluster's client: %w", err)
	}
	// Decoding protobuf takes a quarter of the time of JSON.
	built := rest.CopyConfig(config)
	built.ContentType = runtime.ContentTypeProtobuf
	built.AcceptContentTypes = runtime.ContentTypeProtobuf + "," + runtime.ContentTypeJSON
	if c.typed, err = kubernetes.NewForConfigAndClient(built, c.client); err != nil {
		return nil, fmt.Errorf("prepare the cluster's client: %w", err)
	}
	if c.dynamic, err = dynamic.NewForConfigAndClient(config, c.client); err != nil {
		return nil, fmt.Errorf("prepare the cluster's client: %w", err)
	}
	return c, nil
}

// Readers read the cluster.
func (c *Collector) Readers() []evidence.Reader {
	return []evidence.Reader{
		evidence.Read(evidence.KubernetesVersion, "GET /version", c.version),
		evidence.Read(evidence.KubernetesNodes, "list nodes", c.nodes),
		evidence.Read(evidence.KubernetesPods, "list pods in all namespaces", c.pods),
		evidence.Read(evidence.KubernetesWorkloads, "list deployments, statefulsets, daemonsets, cronjobs and jobs in all namespaces", c.workloads),
		evidence.Read(evidence.KubernetesReplicaSets, "list replicasets in all namespaces", c.replicaSets),
		evidence.Read(evidence.KubernetesAutoscalers, "list horizontalpodautoscalers in all namespaces", c.autoscalers),
		evidence.Read(evidence.KubernetesBudgets, "list poddisruptionbudgets in all namespaces", c.budgets),
		evidence.Read(evidence.KubernetesNamespaces, "list namespaces", c.spaces),
		evidence.Read(evidence.KubernetesQuotas, "list resourcequotas in all namespaces", c.quotas),
		evidence.Read(evidence.KubernetesLimits, "list limitranges in all namespaces", c.limits),
		evidence.Read(evidence.KubernetesStorageClasses, "list storageclasses", c.storageClasses),
		evidence.Read(evidence.KubernetesClaims, "list persistentvolumeclaims in all namespaces", c.claims),
		evidence.Read(evidence.KubernetesSecrets, "list secrets in the portal's namespaces, without their values", c.secrets),
		evidence.Read(evidence.KubernetesConfigMaps, "list configmaps in the portal's namespaces, without their values", c.configMaps),
		evidence.Read(evidence.KubernetesBackups, "get configmap backup-status in the portal's namespaces", c.backups),
		evidence.Read(evidence.KubernetesNetworkPolicies, "list networkpolicies in all namespaces", c.networkPolicies),
		evidence.Read(evidence.KubernetesServices, "list services and endpointslices in all namespaces", c.services),
		evidence.Read(evidence.KubernetesIngresses, "list ingresses in all namespaces", c.ingresses),
		evidence.Read(evidence.KubernetesRBAC, "list roles, clusterroles, rolebindings and clusterrolebindings", c.rbac),
		evidence.Read(evidence.KubernetesAccounts, "list serviceaccounts in all namespaces", c.accounts),
		evidence.Read(evidence.KubernetesRights, "create subjectaccessreviews for the portal's serviceaccounts", c.rights),
		evidence.Read(evidence.KubernetesCertificates, "list certificates.cert-manager.io", c.certificates),
		evidence.Read(evidence.KubernetesExternalSecrets, "list externalsecrets.external-secrets.io", c.externalSecrets),
		evidence.Read(evidence.KubernetesSecretStores, "list secretstores and clustersecretstores.external-secrets.io", c.secretStores),
		evidence.Read(evidence.KubernetesPeerAuthentications, "list peerauthentications.security.istio.io", c.peerAuthentications),
		evidence.Read(evidence.KubernetesDestinationRules, "list destinationrules.networking.istio.io", c.destinationRules),
	}
}

// Identity is whom the API server takes the collector for.
func (c *Collector) Identity(ctx context.Context) (string, error) {
	review, err := c.typed.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	if err != nil {
		return "", c.problem("ask who asks", err)
	}
	return review.Status.UserInfo.Username, nil
}

// Close ends what the collector has open, also what a server keeps waiting.
func (c *Collector) Close() {
	utilnet.CloseIdleConnectionsFor(c.client.Transport)
	c.dialer.CloseAll()
}

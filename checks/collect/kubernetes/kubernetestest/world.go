// Package kubernetestest is a cluster for tests of what reads and judges one: a
// real API server with a portal in it, and a reader that has the collector's
// rights and no others. Rights can be taken away, and answers held back.
package kubernetestest

import (
	_ "embed"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/checks/collect/kubernetes"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
	"gatehouse/sandbox/sandboxtest"
)

// The portal's namespaces, and the reader's own.
const (
	Portal    = "developer-portal"
	Backstage = "backstage"
	home      = "readiness"
	reader    = "readiness"
)

// Namespaces are those of the portal.
var Namespaces = []string{Portal, Backstage}

// wait is how long a cluster may take to show what was changed.
const wait = 45 * time.Second

//go:embed portal.yaml
var portal string

//go:embed platform.yaml
var platform string

// World is the cluster.
type World struct {
	// Admin may do everything.
	Admin  clientset.Interface
	Config *rest.Config
	// Front is what the reader speaks to.
	Front   *Front
	objects *objects
	// kubeconfig is the reader's.
	kubeconfig string
}

// New starts the cluster, or takes that of the test binary, and makes the portal
// in it. Its tests are long.
func New(t *testing.T) *World {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs the control plane; run make test")
	}
	config, err := clientcmd.BuildConfigFromFlags("", sandboxtest.Kubernetes(t))
	require.NoError(t, err)
	config.QPS = -1
	admin, err := clientset.NewForConfig(config)
	require.NoError(t, err)
	w := &World{Admin: admin, Config: config, objects: newObjects(t, config)}
	w.Apply(t, platform)
	w.Apply(t, portal)
	w.identity(t)
	return w
}

// identity makes the reader, with the collector's own rules.
func (w *World) identity(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	create := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := w.Admin.CoreV1().ServiceAccounts(home).Create(ctx, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: reader}}, metav1.CreateOptions{})
	create(err)
	subjects := []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: home, Name: reader}}
	named := metav1.ObjectMeta{Name: reader}
	_, err = w.Admin.RbacV1().ClusterRoles().Create(ctx, &rbacv1.ClusterRole{ObjectMeta: named, Rules: kubernetes.Rules()}, metav1.CreateOptions{})
	create(err)
	_, err = w.Admin.RbacV1().ClusterRoleBindings().Create(ctx, &rbacv1.ClusterRoleBinding{
		ObjectMeta: named, Subjects: subjects, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: reader},
	}, metav1.CreateOptions{})
	create(err)
	for _, namespace := range Namespaces {
		_, err = w.Admin.RbacV1().Roles(namespace).Create(ctx, &rbacv1.Role{ObjectMeta: named, Rules: kubernetes.PortalRules()}, metav1.CreateOptions{})
		create(err)
		_, err = w.Admin.RbacV1().RoleBindings(namespace).Create(ctx, &rbacv1.RoleBinding{
			ObjectMeta: named, Subjects: subjects, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: reader},
		}, metav1.CreateOptions{})
		create(err)
	}
	token, err := w.Admin.CoreV1().ServiceAccounts(home).CreateToken(ctx, reader, &authenticationv1.TokenRequest{}, metav1.CreateOptions{})
	create(err)
	w.Front = newFront(t, w.Config)
	w.kubeconfig = w.Front.kubeconfig(t, token.Status.Token)
}

// Target is the cluster, as the reader knows it.
func (w *World) Target() target.Kubernetes { return target.Kubernetes{Kubeconfig: w.kubeconfig} }

// Collector connects anew as the reader.
func (w *World) Collector(t *testing.T) *kubernetes.Collector {
	t.Helper()
	c, err := kubernetes.New(t.Context(), w.Target(), Namespaces)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// Readers connects anew as the reader.
func (w *World) Readers(t *testing.T) []evidence.Reader { return w.Collector(t).Readers() }

// Blind takes a right from the reader until the test ends, as "list pods" names
// it without a group, and returns once the API server refuses.
func (w *World) Blind(t *testing.T, verb, group, resource string) {
	t.Helper()
	namespaced := resource == "secrets" || resource == "configmaps"
	if namespaced {
		for _, namespace := range Namespaces {
			w.setRole(t, namespace, without(kubernetes.PortalRules(), resource))
		}
		t.Cleanup(func() {
			for _, namespace := range Namespaces {
				w.setRole(t, namespace, kubernetes.PortalRules())
			}
			w.until(t, verb, group, resource, true)
		})
	} else {
		w.setRole(t, "", without(kubernetes.Rules(), resource))
		t.Cleanup(func() {
			w.setRole(t, "", kubernetes.Rules())
			w.until(t, verb, group, resource, true)
		})
	}
	w.until(t, verb, group, resource, false)
}

func without(rules []rbacv1.PolicyRule, resource string) []rbacv1.PolicyRule {
	var left []rbacv1.PolicyRule
	for _, r := range rules {
		var kept []string
		for _, each := range r.Resources {
			if each != resource {
				kept = append(kept, each)
			}
		}
		r.Resources = kept
		if len(kept)+len(r.NonResourceURLs) > 0 {
			left = append(left, r)
		}
	}
	return left
}

func (w *World) setRole(t *testing.T, namespace string, rules []rbacv1.PolicyRule) {
	t.Helper()
	ctx := context()
	if namespace == "" {
		role, err := w.Admin.RbacV1().ClusterRoles().Get(ctx, reader, metav1.GetOptions{})
		require.NoError(t, err)
		role.Rules = rules
		_, err = w.Admin.RbacV1().ClusterRoles().Update(ctx, role, metav1.UpdateOptions{})
		require.NoError(t, err)
		return
	}
	role, err := w.Admin.RbacV1().Roles(namespace).Get(ctx, reader, metav1.GetOptions{})
	require.NoError(t, err)
	role.Rules = rules
	_, err = w.Admin.RbacV1().Roles(namespace).Update(ctx, role, metav1.UpdateOptions{})
	require.NoError(t, err)
}

func (w *World) until(t *testing.T, verb, group, resource string, want bool) {
	t.Helper()
	attributes := &authorizationv1.ResourceAttributes{Namespace: Portal, Verb: verb, Group: group, Resource: resource}
	if resource == "configmaps" && verb == "get" {
		attributes.Name = "backup-status"
	}
	require.Eventually(t, func() bool {
		review, err := w.Admin.AuthorizationV1().SubjectAccessReviews().Create(context(), &authorizationv1.SubjectAccessReview{
			Spec: authorizationv1.SubjectAccessReviewSpec{User: "system:serviceaccount:" + home + ":" + reader, ResourceAttributes: attributes},
		}, metav1.CreateOptions{})
		return err == nil && review.Status.Allowed == want
	}, wait, 20*time.Millisecond, "%s %s", verb, resource)
}

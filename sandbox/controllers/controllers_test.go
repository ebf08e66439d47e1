package controllers_test

import (
	"crypto/tls"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/yaml"

	"gatehouse/sandbox/controllers"
	"gatehouse/sandbox/sandboxtest"
)

// bench is a namespace of a real API server on which the controllers run.
type bench struct {
	*testing.T
	namespace string
	dynamic   dynamic.Interface
	client    kubernetes.Interface
}

func newBench(t *testing.T) bench {
	t.Helper()
	config, client, namespace := sandboxtest.Namespace(t)
	objects, err := dynamic.NewForConfig(config)
	require.NoError(t, err)
	return bench{t, namespace, objects, client}
}

func (b bench) create(group, version, resource, text string) *unstructured.Unstructured {
	b.Helper()
	object := &unstructured.Unstructured{}
	require.NoError(b, yaml.UnmarshalStrict([]byte(text), &object.Object))
	made, err := b.resource(group, version, resource).Create(b.Context(), object, metav1.CreateOptions{FieldValidation: "Strict"})
	require.NoError(b, err)
	return made
}

func (b bench) resource(group, version, resource string) dynamic.ResourceInterface {
	return b.dynamic.Resource(schema.GroupVersionResource{Group: group, Version: version, Resource: resource}).Namespace(b.namespace)
}

// until gives the object once it is as wanted.
func (b bench) until(group, version, resource, name string, wanted func(*unstructured.Unstructured) bool) *unstructured.Unstructured {
	b.Helper()
	var last *unstructured.Unstructured
	require.Eventually(b, func() bool {
		found, err := b.resource(group, version, resource).Get(b.Context(), name, metav1.GetOptions{})
		last = found
		return err == nil && wanted(found)
	}, 30*time.Second, 20*time.Millisecond, "%s %s: %v", resource, name, last)
	return last
}

func ready(object *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	return len(conditions) == 1 && conditions[0].(map[string]any)["type"] == "Ready" && conditions[0].(map[string]any)["status"] == "True"
}

func (b bench) secret(name string) *corev1.Secret {
	b.Helper()
	found, err := b.client.CoreV1().Secrets(b.namespace).Get(b.Context(), name, metav1.GetOptions{})
	require.NoError(b, err)
	return found
}

func TestExternalSecretWithoutValuesGetsMadeUpOnes(t *testing.T) {
	b := newBench(t)
	b.create("external-secrets.io", "v1", "externalsecrets", `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: backstage}
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: gatehouse}
  target:
    name: pgbouncer
    template:
      data:
        userlist.txt: '"portal" "{{ .password }}"'
        url: 'postgres://{{ .user | unknownFunction }}'
  data:
    - {secretKey: password, remoteRef: {key: app/portal}}
    - {secretKey: user, remoteRef: {key: app/master, property: username}}`)
	got := b.until("external-secrets.io", "v1", "externalsecrets", "backstage", ready)
	message, _, _ := unstructured.NestedSlice(got.Object, "status", "conditions")
	require.Equal(t, "pretended by the sandbox", message[0].(map[string]any)["message"])
	secret := b.secret("pgbouncer")
	require.Len(t, secret.Data, 2)
	require.Regexp(t, `^"portal" "sandbox-[0-9a-f]{32}"$`, string(secret.Data["userlist.txt"]))
	require.Regexp(t, `^sandbox-[0-9a-f]{32}$`, string(secret.Data["url"]), "a template that is not known gives a value all the same")
	require.Equal(t, "backstage", secret.OwnerReferences[0].Name, "it goes with its ExternalSecret")
	require.True(t, *secret.OwnerReferences[0].Controller)

	// Nothing changes a second time: pods must not roll.
	_, err := b.resource("external-secrets.io", "v1", "externalsecrets").Patch(t.Context(), "backstage",
		"application/merge-patch+json", []byte(`{"spec":{"data":[{"secretKey":"password","remoteRef":{"key":"app/portal"}},{"secretKey":"new","remoteRef":{"key":"app/new"}}],"target":{"template":null}}}`), metav1.PatchOptions{})
	require.NoError(t, err)
	require.Eventually(t, func() bool { _, there := b.secret("pgbouncer").Data["new"]; return there }, 30*time.Second, 20*time.Millisecond)
	changed := b.secret("pgbouncer")
	require.Len(t, changed.Data, 2, "keys that are no longer wanted are gone")
	require.Contains(t, string(secret.Data["userlist.txt"]), string(changed.Data["password"]), "a made-up value stays the same")
}

func TestValuesComeFromTheEmulator(t *testing.T) {
	b := newBench(t) // its namespace makes the names unique
	endpoint := sandboxtest.AWS(t)
	client := secretsmanager.NewFromConfig(aws.Config{
		Region: "us-west-2", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
	put := func(name, value string) {
		_, err := client.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: &name, SecretString: &value})
		require.NoError(t, err)
	}
	put(b.namespace+"/plain", "s3cret")
	put(b.namespace+"/json", `{"username":"admin","port":5432}`)
	values := controllers.ValuesOf(controllers.Options{AWSEndpoint: endpoint, Region: "us-west-2"})
	for name, want := range map[[2]string]string{
		{"/plain", ""}: "^s3cret$", {"/json", "username"}: "^admin$", {"/json", "port"}: "^5432$",
		{"/json", "absent"}: "^sandbox-", {"/absent", ""}: "^sandbox-", {"/plain", "property"}: "^sandbox-",
	} {
		got, err := values(t.Context(), b.namespace+name[0], name[1])
		require.NoError(t, err)
		require.Regexp(t, want, got, "%v", name)
	}
	_, err := controllers.ValuesOf(controllers.Options{AWSEndpoint: "http://127.0.0.1:1", Region: "us-west-2"})(t.Context(), "x", "")
	require.ErrorContains(t, err, "read secret x from the emulator", "nobody there is not the same as no value")
}

func TestCertificateSignsItself(t *testing.T) {
	b := newBench(t)
	b.create("cert-manager.io", "v1", "issuers", `
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: any}
spec: {selfSigned: {}}`)
	b.until("cert-manager.io", "v1", "issuers", "any", ready)
	b.create("cert-manager.io", "v1", "certificates", `
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: portal}
spec:
  secretName: portal-tls
  dnsNames: [portal.example.com, api.portal.example.com]
  issuerRef: {name: any, kind: Issuer}`)
	got := b.until("cert-manager.io", "v1", "certificates", "portal", ready)
	notAfter, _, _ := unstructured.NestedString(got.Object, "status", "notAfter")
	secret := b.secret("portal-tls")
	require.Equal(t, corev1.SecretTypeTLS, secret.Type)
	pair, err := tls.X509KeyPair(secret.Data["tls.crt"], secret.Data["tls.key"])
	require.NoError(t, err)
	require.NoError(t, pair.Leaf.VerifyHostname("api.portal.example.com"))
	require.Equal(t, pair.Leaf.NotAfter.Format(time.RFC3339), notAfter)

	// Another name makes another certificate.
	_, err = b.resource("cert-manager.io", "v1", "certificates").Patch(t.Context(), "portal",
		"application/merge-patch+json", []byte(`{"spec":{"dnsNames":["other.example.com"]}}`), metav1.PatchOptions{})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		secret := b.secret("portal-tls")
		pair, err := tls.X509KeyPair(secret.Data["tls.crt"], secret.Data["tls.key"])
		return err == nil && pair.Leaf.VerifyHostname("other.example.com") == nil
	}, 30*time.Second, 20*time.Millisecond)
}

func TestLoadBalancersAndIngressesGetAddresses(t *testing.T) {
	b := newBench(t)
	b.create("", "v1", "services", `
apiVersion: v1
kind: Service
metadata: {name: front}
spec: {type: LoadBalancer, ports: [{port: 443}]}`)
	b.create("", "v1", "services", `
apiVersion: v1
kind: Service
metadata: {name: inner}
spec: {ports: [{port: 80}]}`)
	b.create("networking.k8s.io", "v1", "ingresses", `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: portal}
spec: {defaultBackend: {service: {name: inner, port: {number: 80}}}}`)
	address := func(object *unstructured.Unstructured) bool {
		given, _, _ := unstructured.NestedSlice(object.Object, "status", "loadBalancer", "ingress")
		return len(given) == 1 && given[0].(map[string]any)["hostname"] == object.GetName()+"."+b.namespace+".elb.sandbox.invalid"
	}
	b.until("", "v1", "services", "front", address)
	b.until("networking.k8s.io", "v1", "ingresses", "portal", address)
	inner, err := b.client.CoreV1().Services(b.namespace).Get(t.Context(), "inner", metav1.GetOptions{})
	require.NoError(t, err)
	require.Empty(t, inner.Status.LoadBalancer.Ingress)
}

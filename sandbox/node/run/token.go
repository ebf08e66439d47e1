package run

import (
	"context"
	"fmt"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// accountFolder is where a pod's token is mounted, unless its account or the pod
// itself wants none.
const accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

// lifetime of a token that names none.
const lifetime = time.Hour

// issued is a token that is good until it is renewed.
type issued struct {
	token []byte
	renew time.Time
}

// token returns the token of a pod's service account, bound to the pod. One is used
// for four fifths of its time.
func (p *pod) token(ctx context.Context, object *corev1.Pod, want corev1.ServiceAccountTokenProjection) ([]byte, error) {
	key := want.Audience + "\x00" + want.Path
	p.mu.Lock()
	old, there := p.tokens[key]
	p.mu.Unlock()
	if there && time.Now().Before(old.renew) {
		return old.token, nil
	}
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
		ExpirationSeconds: want.ExpirationSeconds,
		BoundObjectRef:    &authenticationv1.BoundObjectReference{APIVersion: "v1", Kind: "Pod", Name: object.Name, UID: object.UID},
	}}
	if want.Audience != "" {
		request.Spec.Audiences = []string{want.Audience}
	}
	account := object.Spec.ServiceAccountName
	if account == "" {
		account = "default"
	}
	answer, err := p.host.Client.CoreV1().ServiceAccounts(object.Namespace).CreateToken(ctx, account, request, metav1.CreateOptions{})
	if err != nil {
		return nil, fmt.Errorf("token of service account %s: %w", account, err)
	}
	life := lifetime
	if s := answer.Spec.ExpirationSeconds; s != nil {
		life = time.Duration(*s) * time.Second
	}
	fresh := issued{token: []byte(answer.Status.Token), renew: time.Now().Add(life * 4 / 5)}
	p.mu.Lock()
	p.tokens[key] = fresh
	p.mu.Unlock()
	return fresh.token, nil
}

// kubeconfig is one that uses the token at a path, which is renewed there.
func (p *pod) kubeconfig(namespace, token string) ([]byte, error) {
	const name = "sandbox"
	config := clientcmdapi.NewConfig()
	config.Clusters[name] = &clientcmdapi.Cluster{Server: p.host.Config.Host, CertificateAuthorityData: p.host.authority}
	config.AuthInfos[name] = &clientcmdapi.AuthInfo{TokenFile: token}
	config.Contexts[name] = &clientcmdapi.Context{Cluster: name, AuthInfo: name, Namespace: namespace}
	config.CurrentContext = name
	return clientcmd.Write(*config)
}

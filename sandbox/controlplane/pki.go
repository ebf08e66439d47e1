package controlplane

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// lifetime of the certificates. A sandbox is thrown away long before.
const lifetime = 10 * 365 * 24 * time.Hour

// Files of the PKI folder. Each NAME has NAME.crt and NAME.key, but for the
// service account key, which has no certificate.
const (
	caName             = "ca"
	servingName        = "serving"
	serviceAccountName = "service-account"
	// kubeletClientName is the API server where it asks nodes for logs.
	kubeletClientName = "kubelet-client"
)

// user is who a client certificate is for. The common name is the user, the
// organization the group.
type user struct{ name, commonName, group string }

func users() []user {
	return []user{
		{Admin, "sandbox-admin", "system:masters"},
		{controllerManager, "system:kube-controller-manager", ""},
		{scheduler, "system:kube-scheduler", ""},
	}
}

// EnsurePKI makes a certificate authority, and what it signs, in dir, and says
// whether it did. A complete folder is kept as it is. Whatever was started with
// an older one must be started again.
func EnsurePKI(dir string) (created bool, err error) {
	if complete(dir) {
		return false, nil
	}
	beside := dir + ".new"
	for _, stale := range []string{dir, beside} {
		if err := os.RemoveAll(stale); err != nil {
			return false, fmt.Errorf("make certificates: %w", err)
		}
	}
	if err := os.MkdirAll(beside, 0o700); err != nil {
		return false, fmt.Errorf("make certificates: %w", err)
	}
	if err := generate(beside); err != nil {
		return false, fmt.Errorf("make certificates: %w", err)
	}
	if err := os.Rename(beside, dir); err != nil {
		return false, fmt.Errorf("make certificates: %w", err)
	}
	return true, nil
}

func complete(dir string) bool {
	files := []string{
		serviceAccountName + ".key", crt(caName), key(caName), crt(servingName), key(servingName),
		crt(kubeletClientName), key(kubeletClientName),
	}
	for _, user := range users() {
		files = append(files, crt(user.name), key(user.name))
	}
	for _, file := range files {
		if info, err := os.Stat(filepath.Join(dir, file)); err != nil || info.Size() == 0 {
			return false
		}
	}
	return true
}

func crt(name string) string { return name + ".crt" }
func key(name string) string { return name + ".key" }

func generate(dir string) error {
	authority := template(pkix.Name{CommonName: "gatehouse-sandbox"})
	authority.IsCA, authority.BasicConstraintsValid = true, true
	authority.KeyUsage |= x509.KeyUsageCertSign
	signer, err := issue(dir, caName, authority, nil, nil)
	if err != nil {
		return err
	}
	// One serving certificate for all parts: every one of them listens on the
	// loopback address. Etcd's is also a client of itself.
	serving := template(pkix.Name{CommonName: "gatehouse-sandbox-serving"})
	serving.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback, net.IPv4(10, 96, 0, 1)}
	serving.DNSNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}
	serving.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	if _, err := issue(dir, servingName, serving, authority, signer); err != nil {
		return err
	}
	// The API server's client at the nodes has no kubeconfig: it is no user.
	for _, user := range append(users(), user{name: kubeletClientName, commonName: kubeletClient}) {
		client := template(pkix.Name{CommonName: user.commonName})
		if user.group != "" {
			client.Subject.Organization = []string{user.group}
		}
		client.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		if _, err := issue(dir, user.name, client, authority, signer); err != nil {
			return err
		}
	}
	_, err = newKey(dir, serviceAccountName)
	return err
}

func template(subject pkix.Name) *x509.Certificate {
	now := time.Now()
	return &x509.Certificate{
		Subject:   subject,
		NotBefore: now.Add(-time.Hour),
		NotAfter:  now.Add(lifetime),
		KeyUsage:  x509.KeyUsageDigitalSignature,
	}
}

// issue writes the key and the certificate of name. Without a parent the
// certificate signs itself.
func issue(dir, name string, certificate, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*ecdsa.PrivateKey, error) {
	private, err := newKey(dir, name)
	if err != nil {
		return nil, err
	}
	if parent == nil {
		parent, signer = certificate, private
	}
	if certificate.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, certificate, parent, private.Public(), signer)
	if err != nil {
		return nil, err
	}
	return private, writePEM(filepath.Join(dir, crt(name)), "CERTIFICATE", der)
}

func newKey(dir, name string) (*ecdsa.PrivateKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	// The service account token signer reads this form only.
	der, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		return nil, err
	}
	return private, writePEM(filepath.Join(dir, key(name)), "EC PRIVATE KEY", der)
}

func writePEM(path, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}

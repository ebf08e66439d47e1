package controllers

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

var certificates = issuersOf("certificates")

// validity is Let's Encrypt's; cert-manager renews when a third is left.
const validity = 90 * 24 * time.Hour

// certificateObject is what is read of a Certificate.
type certificateObject struct {
	Spec struct {
		SecretName string   `json:"secretName"`
		CommonName string   `json:"commonName"`
		DNSNames   []string `json:"dnsNames"`
	} `json:"spec"`
}

// certificate stands in for cert-manager: the certificate signs itself.
func (s stand) certificate(ctx context.Context, object *unstructured.Unstructured) error {
	var wanted certificateObject
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &wanted); err != nil {
		return fmt.Errorf("read Certificate %s: %w", object.GetName(), err)
	}
	names, secretName := wanted.Spec.DNSNames, wanted.Spec.SecretName
	if common := wanted.Spec.CommonName; common != "" && !slices.Contains(names, common) {
		names = append(names, common)
	}
	old, err := s.secret(ctx, object.GetNamespace(), secretName)
	if err != nil {
		return err
	}
	leaf := current(old)
	if leaf == nil || !slices.Equal(leaf.DNSNames, names) || time.Until(leaf.NotAfter) < validity/3 {
		var data map[string]string
		if leaf, data, err = selfSigned(names); err != nil {
			return fmt.Errorf("make certificate %s: %w", object.GetName(), err)
		}
		if err := s.putSecret(ctx, object, wantedSecret{
			name: secretName, kind: "kubernetes.io/tls", data: data,
			annotations: map[string]string{"cert-manager.io/certificate-name": object.GetName()},
		}); err != nil {
			return err
		}
	}
	return s.report(ctx, certificates, object, "Ready", map[string]any{
		"notBefore": leaf.NotBefore.UTC().Format(time.RFC3339), "notAfter": leaf.NotAfter.UTC().Format(time.RFC3339),
		"renewalTime": leaf.NotAfter.Add(-validity / 3).UTC().Format(time.RFC3339), "revision": int64(1),
	})
}

// current is the certificate in a Secret, nil when there is none to be read.
func current(secret *unstructured.Unstructured) *x509.Certificate {
	if secret == nil {
		return nil
	}
	encoded, _, _ := unstructured.NestedString(secret.Object, "data", "tls.crt")
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil
	}
	return leaf
}

// selfSigned makes the three entries of a TLS Secret.
func selfSigned(names []string) (*x509.Certificate, map[string]string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	begin := time.Now().Truncate(time.Second)
	leaf := &x509.Certificate{
		Subject: pkix.Name{Organization: []string{pretending}}, DNSNames: names,
		NotBefore: begin, NotAfter: begin.Add(validity),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, leaf, leaf, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	certificate := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}))
	return leaf, map[string]string{
		"tls.crt": certificate, "ca.crt": certificate,
		"tls.key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
	}, nil
}

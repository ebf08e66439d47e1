package kubernetes

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"gatehouse/checks/evidence"
)

type certificate struct {
	Spec struct {
		SecretName string   `json:"secretName"`
		DNSNames   []string `json:"dnsNames"`
	} `json:"spec"`
	Status struct {
		conditioned `json:",inline"`
		NotAfter    metav1.Time `json:"notAfter"`
		RenewalTime metav1.Time `json:"renewalTime"`
	} `json:"status"`
}

func (c *Collector) certificates(ctx context.Context) ([]evidence.KubeCertificate, error) {
	found := []evidence.KubeCertificate{}
	kind := schema.GroupResource{Group: "cert-manager.io", Resource: "certificates"}
	err := versions(ctx, c, kind, []string{"v1"}, func(o metav1.Object, s certificate) {
		found = append(found, evidence.KubeCertificate{
			KubeObject: named(o), Secret: s.Spec.SecretName, Hosts: s.Spec.DNSNames,
			NotAfter: s.Status.NotAfter.Time, Renewal: s.Status.RenewalTime.Time, Conditions: s.Status.conditions(),
		})
	})
	return found, err
}

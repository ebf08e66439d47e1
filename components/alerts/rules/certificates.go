package rules

import "fmt"

// certificates watches expiry twice: what cert-manager believes, and what a
// client is really shown. cert-manager renews 30 days before the end, so that
// fewer than 21 mean that renewal fails.
func certificates() Topic {
	topic := Topic{
		Name: "certificates",
		Alerts: []Alert{{
			Name: "CertificateNotReady", Severity: Warning, Team: Security, Service: "certificates", For: "15m",
			Expr:        `max by (exported_namespace, name) (certmanager_certificate_ready_status{condition!="True"}) == 1`,
			Summary:     "Certificate {{ $labels.name }} is not ready",
			Description: "cert-manager has not been able to issue {{ $labels.name }} for 15 minutes.",
		}},
	}
	for _, limit := range []struct {
		severity Severity
		days     int
	}{{Warning, 21}, {Critical, 7}} {
		topic.Alerts = append(topic.Alerts,
			Alert{
				Name: "CertificateExpiring", Severity: limit.severity, Team: Security, Service: "certificates", For: "15m",
				Expr: fmt.Sprintf(`min by (exported_namespace, name) (certmanager_certificate_expiration_timestamp_seconds) - time() < %d
  and max by (exported_namespace, name) (certmanager_certificate_expiration_timestamp_seconds) > 0`, limit.days*86400),
				Summary:     "Certificate {{ $labels.name }} expires",
				Description: "{{ $labels.name }} expires in {{ $value | humanizeDuration }}; its renewal has failed.",
			},
			Alert{
				Name: "EndpointCertificateExpiring", Severity: limit.severity, Team: Security, Service: "certificates", For: "15m",
				Expr:        fmt.Sprintf(`min by (instance) (probe_ssl_earliest_cert_expiry) - time() < %d`, limit.days*86400),
				Summary:     "The certificate of {{ $labels.instance }} expires",
				Description: "Clients of {{ $labels.instance }} are shown a certificate that expires in {{ $value | humanizeDuration }}.",
			})
	}
	return topic
}

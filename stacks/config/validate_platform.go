package config

import (
	"slices"
	"strings"
)

const (
	productionReplicasOfPods = 2
	// A year: the readiness guide's HSTS and audit trail.
	productionHSTSSeconds, productionAuditDays = 31536000, 365
)

// platform checks what the cluster offers to its workloads.
func (v validator) platform() {
	v.issuer()
	v.secretStore()
	v.logging()
	v.quotas()
	if !v.production() {
		return
	}
	platform := v.Config.Platform
	v.leastPods("platform.ingress.replicas", platform.Ingress.Replicas, productionReplicasOfPods)
	if path := "platform.ingress.hstsMaxAgeSeconds"; v.readable(path) && platform.Ingress.HSTSMaxAgeSeconds < productionHSTSSeconds {
		v.refuse(path, "%d is too short; production tells browsers to insist on https for a year or more, %d", platform.Ingress.HSTSMaxAgeSeconds, productionHSTSSeconds)
	}
	if path := "platform.mesh.enabled"; v.readable(path) && !platform.Mesh.Enabled {
		v.refuse(path, "production needs mTLS between all services: set enabled: true (readiness guide, Authentication and Authorization)")
	}
	if path := "platform.logging.retentionDays.audit"; v.readable(path) && platform.Logging.RetentionDays.Audit < productionAuditDays {
		v.refuse(path, "%d is too short; production keeps audit logs for %d days or more (readiness guide, Compliance)", platform.Logging.RetentionDays.Audit, productionAuditDays)
	}
}

// leastPods refuses fewer pods than production needs to lose one.
func (v validator) leastPods(path string, pods, least int) {
	if v.readable(path) && pods < least {
		v.refuse(path, "has %d; production needs %d or more, so that losing one is not an outage", pods, least)
	}
}

// issuer looks at who signs: CloudFront answers 502 when the origin's
// certificate is not of a public authority.
func (v validator) issuer() {
	const path = "platform.certificates.issuer"
	if !v.readable(path) || v.Config.Platform.Certificates.Issuer != LetsEncryptStaging {
		return
	}
	if v.production() {
		v.refuse(path, "nobody trusts the certificates of letsencrypt-staging; production needs letsencrypt")
		return
	}
	v.warn(path, "CloudFront does not trust the certificates of letsencrypt-staging and answers 502; use letsencrypt once the names resolve")
}

// secretStore checks that Vault is described when it is used, and only then.
func (v validator) secretStore() {
	const path = "platform.secrets"
	secrets := v.Config.Platform.Secrets
	if !v.readable(path+".store", path+".vault") {
		return
	}
	switch {
	case secrets.Store == StoreVault && secrets.Vault == nil:
		v.refuse(path+".vault", "is missing; store: vault%s needs the address of the server", v.line(path+".store"))
	case secrets.Store != StoreVault && secrets.Vault != nil:
		v.refuse(path+".vault", "has no effect with store: %s; remove it, or set store: vault", secrets.Store)
	}
}

// logging checks that Loki has a URL when it is used, and only then.
func (v validator) logging() {
	const path = "platform.logging"
	logging := v.Config.Platform.Logging
	if !v.readable(path+".output", path+".lokiUrl") {
		return
	}
	switch {
	case logging.Output == LogsToLoki && logging.LokiURL == nil:
		v.refuse(path+".lokiUrl", "is missing; output: loki%s needs the URL of the server", v.line(path+".output"))
	case logging.Output != LogsToLoki && logging.LokiURL != nil:
		v.refuse(path+".lokiUrl", "has no effect with output: %s; remove it, or set output: loki", logging.Output)
	}
}

// quotas checks the given quotas by themselves; roomFor compares them with
// what their namespaces hold.
func (v validator) quotas() {
	for namespace, quota := range v.Config.Platform.Quotas {
		path := join("platform.quotas", namespace)
		if !slices.Contains(Namespaces(), namespace) {
			v.add(problem{
				path: path, message: "is not a namespace of the environment: " + strings.Join(Namespaces(), ", "),
				suggestion: nearest(namespace, Namespaces()),
			})
			continue
		}
		v.requestWithinLimit(path, "requestsCpu", "limitsCpu", quota.RequestsCPU, quota.LimitsCPU)
		v.memoryWithinLimit(path, "requestsMemory", "limitsMemory", quota.RequestsMemory, quota.LimitsMemory)
	}
}

func (v validator) requestWithinLimit(path, requestKey, limitKey string, request, limit CPU) {
	if v.readable(path+"."+requestKey, path+"."+limitKey) && request.Millicores() > limit.Millicores() {
		v.refuse(path+"."+requestKey, "%s is more than %s: %s%s; raise the limit", request, limitKey, limit, v.line(path+"."+limitKey))
	}
}

func (v validator) memoryWithinLimit(path, requestKey, limitKey string, request, limit Memory) {
	if v.readable(path+"."+requestKey, path+"."+limitKey) && request.MiB() > limit.MiB() {
		v.refuse(path+"."+requestKey, "%s is more than %s: %s%s; raise the limit", request, limitKey, limit, v.line(path+"."+limitKey))
	}
}

package ingress

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// nginx is the controller's configuration (ingress-nginx, "ConfigMap"). All of
// it are texts.
type nginx struct {
	UseForwardedHeaders string             `json:"use-forwarded-headers"`
	ProxyRealIPCIDR     pulumi.StringInput `json:"proxy-real-ip-cidr"`

	SSLProtocols          string `json:"ssl-protocols"`
	SSLRedirect           string `json:"ssl-redirect"`
	HSTS                  string `json:"hsts"`
	HSTSMaxAge            string `json:"hsts-max-age"`
	HSTSIncludeSubdomains string `json:"hsts-include-subdomains"`
	HSTSPreload           string `json:"hsts-preload"`
	ServerTokens          string `json:"server-tokens"`
	HideHeaders           string `json:"hide-headers"`

	ProxyBodySize       string `json:"proxy-body-size"`
	ClientHeaderTimeout string `json:"client-header-timeout"`
	ClientBodyTimeout   string `json:"client-body-timeout"`
	KeepAlive           string `json:"keep-alive"`
	ProxyConnectTimeout string `json:"proxy-connect-timeout"`
	ProxyReadTimeout    string `json:"proxy-read-timeout"`
	ProxySendTimeout    string `json:"proxy-send-timeout"`
	LimitReqStatusCode  string `json:"limit-req-status-code"`
	LimitConnStatusCode string `json:"limit-conn-status-code"`

	AnnotationsRiskLevel             string `json:"annotations-risk-level"`
	StrictValidatePathType           string `json:"strict-validate-path-type"`
	WorkerShutdownTimeout            string `json:"worker-shutdown-timeout"`
	LogFormatEscapeJSON              string `json:"log-format-escape-json"`
	LogFormatUpstream                string `json:"log-format-upstream"`
	GenerateRequestID                string `json:"generate-request-id"`
	SkipAccessLogURLs                string `json:"skip-access-log-urls"`
	EnableAccessLogForDefaultBackend string `json:"enable-access-log-for-default-backend"`
}

func config(args Args) nginx {
	return nginx{
		UseForwardedHeaders: "true",
		ProxyRealIPCIDR:     trusted(args.CallerCIDRs),

		SSLProtocols:          "TLSv1.2 TLSv1.3",
		SSLRedirect:           "true",
		HSTS:                  "true",
		HSTSMaxAge:            strconv.Itoa(args.HSTSMaxAgeSeconds),
		HSTSIncludeSubdomains: "true",
		HSTSPreload:           "true",
		ServerTokens:          "false",
		HideHeaders:           "Server,X-Powered-By",

		ProxyBodySize: fmt.Sprintf("%dm", args.BodyLimitMiB),
		// In seconds. Who sends slower than this keeps others out.
		ClientHeaderTimeout: "15",
		ClientBodyTimeout:   "30",
		// CloudFront keeps connections for 60 s; nginx must not be the first to
		// close one, or a request is lost in between.
		KeepAlive:           "75",
		ProxyConnectTimeout: "5",
		ProxyReadTimeout:    "60", // CloudFront's own limit
		ProxySendTimeout:    "60",
		LimitReqStatusCode:  "429",
		LimitConnStatusCode: "429",

		AnnotationsRiskLevel:             "Medium", // all that the routes use
		StrictValidatePathType:           "true",
		WorkerShutdownTimeout:            strconv.Itoa(drainSeconds-60) + "s",
		LogFormatEscapeJSON:              "true",
		LogFormatUpstream:                accessLog(),
		GenerateRequestID:                "true",
		SkipAccessLogURLs:                "/healthz",
		EnableAccessLogForDefaultBackend: "true",
	}
}

// trusted are the addresses whose X-Forwarded-For is believed. Nobody's is when
// there are none: the controller's own default would be everybody's.
func trusted(cidrs pulumi.StringArrayInput) pulumi.StringInput {
	return cidrs.ToStringArrayOutput().ApplyT(func(cidrs []string) string {
		if len(cidrs) == 0 {
			return "127.0.0.1/32"
		}
		return strings.Join(cidrs, ",")
	}).(pulumi.StringOutput)
}

// accessLog is one JSON object a request. It holds the path without its query,
// and no header but the user agent: codes of sign-ins and session IDs are in
// queries, credentials in headers.
func accessLog() string {
	fields := []struct{ name, value string }{
		{"time", "$time_iso8601"},
		{"requestId", "$req_id"},
		{"client", "$remote_addr"},
		{"host", "$host"},
		{"method", "$request_method"},
		{"path", "$uri"},
		{"protocol", "$server_protocol"},
		{"status", "$status"},
		{"bytes", "$body_bytes_sent"},
		{"seconds", "$request_time"},
		{"upstream", "$proxy_upstream_name"},
		{"upstreamStatus", "$upstream_status"},
		{"upstreamSeconds", "$upstream_response_time"},
		{"userAgent", "$http_user_agent"},
	}
	var parts []string
	for _, f := range fields {
		name, _ := json.Marshal(f.name)
		parts = append(parts, fmt.Sprintf(`%s:"%s"`, name, f.value))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// headers are on every answer, on redirects and errors too. CloudFront sets
// them again, for what it answers itself (readiness guide, "Security
// Validation").
func headers(args Args) map[string]string {
	all := map[string]string{
		"X-Frame-Options":        "DENY",
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy":        "strict-origin-when-cross-origin",
	}
	if args.ContentSecurityPolicy != "" {
		all["Content-Security-Policy"] = args.ContentSecurityPolicy
	}
	return all
}

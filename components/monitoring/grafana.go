package monitoring

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
	"gatehouse/components/release"
	"gatehouse/components/workload"
)

type grafanaValues struct {
	FullnameOverride string            `json:"fullnameOverride"`
	ServiceAccount   account           `json:"serviceAccount"`
	Admin            grafanaAdmin      `json:"admin"`
	Replicas         int               `json:"replicas"`
	Persistence      enabled           `json:"persistence"`
	InitChown        enabled           `json:"initChownData"`
	TestFramework    enabled           `json:"testFramework"`
	Resources        release.Resources `json:"resources"`
	PriorityClass    string            `json:"priorityClassName"`
	PodLabels        map[string]string `json:"podLabels"`
	ServiceMonitor   grafanaMonitor    `json:"serviceMonitor"`
	Sidecar          grafanaSidecar    `json:"sidecar"`
	Settings         grafanaSettings   `json:"grafana.ini"`
}

type grafanaAdmin struct {
	ExistingSecret string `json:"existingSecret"`
	UserKey        string `json:"userKey"`
	PasswordKey    string `json:"passwordKey"`
}

type grafanaMonitor struct {
	workload.Transport
	Enabled bool `json:"enabled"`
}

type grafanaSidecar struct {
	Resources  release.Resources `json:"resources"`
	Dashboards dashboardSidecar  `json:"dashboards"`
}

type dashboardSidecar struct {
	Enabled         bool               `json:"enabled"`
	Label           string             `json:"label"`
	LabelValue      string             `json:"labelValue"`
	SearchNamespace pulumi.StringInput `json:"searchNamespace"`
}

// grafanaSettings is grafana.ini, as far as it is not the default.
type grafanaSettings struct {
	Analytics struct {
		ReportingEnabled bool `json:"reporting_enabled"`
		CheckForUpdates  bool `json:"check_for_updates"`
	} `json:"analytics"`
	Anonymous enabled `json:"auth.anonymous"`
	Users     struct {
		AllowSignUp bool `json:"allow_sign_up"`
	} `json:"users"`
	Snapshots struct {
		ExternalEnabled bool `json:"external_enabled"`
	} `json:"snapshots"`
	Security grafanaSecurity `json:"security"`
}

type grafanaSecurity struct {
	CookieSecure    bool   `json:"cookie_secure"`
	CookieSameSite  string `json:"cookie_samesite"`
	DisableGravatar bool   `json:"disable_gravatar"`
	HSTS            bool   `json:"strict_transport_security"`
	HSTSMaxAge      int    `json:"strict_transport_security_max_age_seconds"`
	NoSniff         bool   `json:"x_content_type_options"`
	CSP             bool   `json:"content_security_policy"`
}

// grafana shows dashboards that are code (components/dashboards), and so has
// nothing to keep: no volume, and one replica that starts anywhere. It is
// reached through a port-forward or the VPN, not from the internet, and only by
// who has an account.
func (a Args) grafana() grafanaValues {
	settings := grafanaSettings{Security: grafanaSecurity{
		CookieSecure: true, CookieSameSite: "strict", DisableGravatar: true,
		HSTS: true, HSTSMaxAge: 31_536_000, NoSniff: true, CSP: true,
	}}
	return grafanaValues{
		FullnameOverride: "grafana",
		ServiceAccount:   account{true, "grafana"},
		Admin:            grafanaAdmin{ExistingSecret: "grafana-admin", UserKey: "admin-user", PasswordKey: "admin-password"},
		Replicas:         1,
		Resources:        need("100m", "192Mi", "500m", "512Mi"),
		PriorityClass:    ordinary,
		PodLabels:        pod.Labels(a.chartLabels(), "grafana"),
		ServiceMonitor:   grafanaMonitor{Transport: a.toMeshed(), Enabled: true},
		Sidecar: grafanaSidecar{
			Resources:  need("20m", "96Mi", "100m", "192Mi"),
			Dashboards: dashboardSidecar{Enabled: true, Label: DashboardLabel, LabelValue: "1", SearchNamespace: a.Namespace},
		},
		Settings: settings,
	}
}

// DashboardLabel marks the ConfigMaps that Grafana takes for dashboards; its
// value is "1".
const DashboardLabel = "grafana_dashboard"

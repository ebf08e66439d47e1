package rules_test

func ingressStories() []story {
	const requests = `nginx_ingress_controller_requests{ingress="portal",exported_service="portal-frontend",status=`
	bucket := func(service, le, values string) string {
		return `nginx_ingress_controller_request_duration_seconds_bucket{ingress="portal",exported_service="` + service + `",le="` + le + `"} ` + values
	}
	return []story{
		{
			alert: "IngressErrorsHigh critical",
			fires: []scene{{series: []string{requests + `"200"} 0+540x15`, requests + `"502"} 0+60x15`}, at: "12m", labels: labels("ingress", "portal")}},
			quiet: []scene{
				{series: []string{requests + `"200"} 0+590x15`, requests + `"502"} 0+10x15`}, at: "12m"},
				{series: []string{`nginx_ingress_controller_requests{ingress="portal",exported_service="maintenance",status="503"} 0+600x15`}, at: "12m"},
			},
		},
		{
			alert: "IngressSlow warning",
			fires: []scene{{
				series: []string{requests + `"200"} 0+600x20`, bucket("portal-frontend", "1", "0+10x20"), bucket("portal-frontend", "5", "0+600x20"), bucket("portal-frontend", "+Inf", "0+600x20")},
				at:     "18m", labels: labels("ingress", "portal"),
			}},
			quiet: []scene{
				{series: []string{requests + `"200"} 0+600x20`, bucket("portal-frontend", "1", "0+590x20"), bucket("portal-frontend", "+Inf", "0+600x20")}, at: "18m"},
				// Connections that last for minutes, as they should.
				{series: []string{requests + `"200"} 0+600x20`, bucket("websocket", "10", "0x20"), bucket("websocket", "60", "0+600x20"), bucket("websocket", "+Inf", "0+600x20")}, at: "18m"},
			},
		},
		{
			alert: "IngressConfigReloadFailed warning",
			fires: []scene{{series: []string{`nginx_ingress_controller_config_last_reload_successful{pod="a"} 0x10`}, at: "8m", labels: labels("pod", "a")}},
			quiet: []scene{{series: []string{`nginx_ingress_controller_config_last_reload_successful{pod="a"} 0 0 1x10`}, at: "8m"}},
		},
	}
}

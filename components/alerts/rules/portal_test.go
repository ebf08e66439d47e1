package rules_test

func portalStories() []story {
	return []story{
		downStory("PortalDown", "portal-frontend"),
		downStory("WebsocketDown", "websocket"),
		downStory("BackstageDown", "backstage-backend"),
		{
			alert: "PortalInstanceDown warning",
			fires: []scene{{
				series: []string{`up{job="websocket",namespace="developer-portal",pod="a"} 0x10`, `up{job="websocket",namespace="developer-portal",pod="b"} 1x10`},
				at:     "6m", labels: labels("job", "websocket", "namespace", "developer-portal", "pod", "a", "service", "websocket"),
			}},
			quiet: []scene{{series: []string{`up{job="websocket",namespace="developer-portal",pod="a"} 1 0 0 1x10`}, at: "6m"}},
		},
		{
			alert: "HighErrorRate warning",
			fires: []scene{{series: requests(570, 30, 10), at: "10m", labels: labels("service", "portal-frontend")}},
			quiet: []scene{
				// The guide's false alarm: 0.5 failures a second of 100 requests.
				{series: requests(5970, 30, 10), at: "10m"},
				// Few requests: one failure is no rate.
				{series: requests(1, 1, 10), at: "10m"},
				// Another program's metric of that name.
				{series: []string{`http_requests_total{namespace="monitoring",service="x",status="500"} 0+600x10`}, at: "10m"},
			},
		},
		{
			alert: "WebsocketConnectionsDropped warning",
			fires: []scene{{series: []string{`websocket_connections{job="websocket",pod="a"} 100x40 10x10`}, at: "45m", labels: labels("job", "websocket")}},
			quiet: []scene{
				{series: []string{`websocket_connections{job="websocket",pod="a"} 100-1x60`}, at: "60m"}, // the evening
				{series: []string{`websocket_connections{job="websocket",pod="a"} 10x40 0x10`}, at: "45m"},
			},
		},
	}
}

func downStory(alert, job string) story {
	up := func(pod, values string) string { return `up{job="` + job + `",pod="` + pod + `"} ` + values }
	return story{
		alert: alert + " critical",
		fires: []scene{
			{series: []string{up("a", "0x5"), up("b", "0x5")}, at: "2m", labels: labels("job", job)},
			// Prometheus finds no target: there is nothing to compare.
			{at: "2m", labels: labels("job", job)},
		},
		quiet: []scene{
			{series: []string{up("a", "0x5"), up("b", "1x5")}, at: "5m"},
			{series: []string{up("a", "1 0 1 1")}, at: "2m"},
		},
	}
}

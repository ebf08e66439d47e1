package rules_test

func pluginStories() []story {
	plugin := labels("plugin", "catalog")
	return []story{
		{
			alert: "PluginInstallFailed warning",
			fires: []scene{
				{series: []string{`gatehouse_plugin_install_total{plugin="catalog",outcome="failed"} _x5 1x5`}, at: "7m", labels: plugin},
				{series: []string{`gatehouse_plugin_install_total{plugin="catalog",outcome="failed"} 3x40 4x5`}, at: "43m", labels: plugin},
			},
			quiet: []scene{
				{series: []string{`gatehouse_plugin_install_total{plugin="catalog",outcome="refused"} _x5 1x5`}, at: "7m"},
				{series: []string{`gatehouse_plugin_install_total{plugin="catalog",outcome="failed"} 3x60`}, at: "60m"},
			},
		},
		{
			alert: "PluginUnhealthy warning",
			fires: []scene{{
				series: []string{`gatehouse_plugin_health{plugin="catalog",pod="a"} 0x15`, `gatehouse_plugin_health{plugin="catalog",pod="b"} 1x15`},
				at:     "12m", labels: plugin,
			}},
			quiet: []scene{{series: []string{`gatehouse_plugin_health{plugin="catalog",pod="a"} 1 0 0 0 1x15`}, at: "12m"}},
		},
		{
			alert: "PluginErrorsHigh warning",
			fires: []scene{{series: []string{`gatehouse_plugin_errors_total{plugin="catalog"} 0+12x20`}, at: "18m", labels: plugin}},
			quiet: []scene{{series: []string{`gatehouse_plugin_errors_total{plugin="catalog"} 0+3x20`}, at: "18m"}},
		},
		{
			alert: "PluginQueueStuck warning",
			fires: []scene{{series: []string{`gatehouse_plugin_queue_length 3x70`}, at: "70m"}},
			quiet: []scene{
				{series: []string{`gatehouse_plugin_queue_length 80-1x70`}, at: "70m"},
				{series: []string{`gatehouse_plugin_queue_length 0x70`}, at: "70m"},
			},
		},
	}
}

'use strict';

// The Prometheus text of /metrics. Plugins share one process: what one of them uses
// of its memory and time is known to nobody, and is not made up here.

function metrics(report, traffic, uncaught) {
  const plugins = report.packages();
  const usage = process.resourceUsage();
  return [
    metric('gatehouse_plugin_info', 'gauge', 'A plugin that Backstage has found, and its version.',
      plugins.map(p => [{ plugin: p.name, version: p.version, role: p.role }, 1])),
    metric('gatehouse_plugin_loaded', 'gauge', 'Whether Backstage has loaded the plugin: 1, or 0 when that failed.',
      plugins.map(p => [{ plugin: p.name }, p.failure ? 0 : 1])),
    metric('gatehouse_plugin_generation_info', 'gauge', 'The generation of plugins that this pod has; "" before the first.',
      [[{ generation: report.generation }, 1]]),
    metric('gatehouse_plugin_files_bytes', 'gauge', 'The size of the plugin\'s files.',
      [...report.sizes()].map(([plugin, bytes]) => [{ plugin }, bytes])),
    metric('gatehouse_plugin_requests_total', 'counter', 'Requests that the plugin\'s routes /api/ID have answered.',
      traffic.counts().map(c => [{ plugin: c.plugin }, c.requests])),
    metric('gatehouse_plugin_request_seconds_total', 'counter', 'Time from the beginning of these requests to the end of their answers.',
      traffic.counts().map(c => [{ plugin: c.plugin }, c.seconds])),
    metric('gatehouse_plugin_errors_total', 'counter',
      'Errors of the plugin: answers 5xx of its routes (kind="answer"), and exceptions and rejections that nobody caught and whose stack goes through its files (kind="uncaught"). What it catches itself is not in here.',
      [
        ...traffic.counts().map(c => [{ plugin: c.plugin, kind: 'answer' }, c.failures]),
        ...[...uncaught.counts()].map(([plugin, count]) => [{ plugin, kind: 'uncaught' }, count]),
      ]),
    metric('gatehouse_plugin_start_seconds', 'gauge', 'From the start of the process until all plugins had started; none before that.',
      report.startSeconds === undefined ? [] : [[{}, report.startSeconds]]),
    metric('process_resident_memory_bytes', 'gauge', 'Memory of the whole process, which all plugins share.',
      [[{}, process.memoryUsage.rss()]]),
    metric('process_cpu_seconds_total', 'counter', 'CPU time of the whole process, which all plugins share.',
      [[{}, (usage.userCPUTime + usage.systemCPUTime) / 1e6]]),
    metric('nodejs_heap_size_used_bytes', 'gauge', 'Heap that the whole process uses, which all plugins share.',
      [[{}, process.memoryUsage().heapUsed]]),
  ].join('');
}

// metric writes one metric; samples are [labels, value].
function metric(name, type, help, samples) {
  const lines = samples.map(([labels, value]) => {
    const text = Object.entries(labels).map(([key, of]) => `${key}="${escape(of)}"`).join(',');
    return `${name}${text ? `{${text}}` : ''} ${value}\n`;
  });
  return `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function escape(text) {
  return String(text).slice(0, 256).replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

module.exports = { metrics };

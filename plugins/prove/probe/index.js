'use strict';

// The probe is a plugin of every generation. It asks Backstage's own loader what it
// has loaded, and serves that on a port of its own: never by Backstage's router, so
// that no route becomes public.
//
// It must never harm the portal. Nothing here throws into Backstage, and nothing
// keeps a process alive that would end: the server and all timers are unreferenced.

const { coreServices, createBackendPlugin } = require('@backstage/backend-plugin-api');
const { dynamicPluginsServiceRef } = require('@backstage/backend-dynamic-feature-service');
const { Report } = require('./report');
const { Traffic } = require('./traffic');
const { Uncaught } = require('./uncaught');
const { metrics } = require('./metrics');
const { packages } = require('./packages');
const { serve } = require('./serve');

function start({ plugins, config, logger, lifecycle }) {
  const report = new Report(plugins, config);
  const traffic = new Traffic(report.packages());
  const uncaught = new Uncaught(report);
  lifecycle.addStartupHook(() => report.started());
  const stop = serve(process.env.PLUGIN_PROBE_LISTEN || ':7010', logger, {
    '/v1/plugins': () => ['application/json', JSON.stringify(report.answer())],
    '/v1/packages': query => ['application/json', JSON.stringify({ packages: packages(query.getAll('name')) })],
    '/metrics': () => ['text/plain; version=0.0.4; charset=utf-8', metrics(report, traffic, uncaught)],
  });
  lifecycle.addShutdownHook(() => {
    stop();
    traffic.stop();
    uncaught.stop();
  });
}

exports.default = createBackendPlugin({
  pluginId: 'gatehouse-probe',
  register(env) {
    env.registerInit({
      deps: {
        plugins: dynamicPluginsServiceRef,
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        lifecycle: coreServices.rootLifecycle,
      },
      async init(deps) {
        try {
          start(deps);
        } catch (error) {
          deps.logger.error('the probe of plugins does not run: nothing can prove what is loaded', error);
        }
      },
    });
  },
});

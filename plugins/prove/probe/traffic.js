'use strict';

// Requests that plugins answer, as Node.js itself tells them (diagnostics_channel):
// nothing is put into Backstage's routes. A plugin is known by /api/ID, ID being the
// backstage.pluginId of its package.json; a plugin without one is not counted.

const { subscribe, unsubscribe } = require('node:diagnostics_channel');

const begun = 'http.server.request.start';
const ended = 'http.server.response.finish';

class Traffic {
  #byRoute = new Map(); // ID: {plugin, requests, failures, seconds}
  #since = new WeakMap(); // request: when it began

  constructor(packages) {
    for (const { name, role, pluginId, failure } of packages) {
      if (role === 'backend-plugin' && pluginId && !failure) {
        this.#byRoute.set(String(pluginId), { plugin: name, requests: 0, failures: 0, seconds: 0 });
      }
    }
    subscribe(begun, this.#begin);
    subscribe(ended, this.#end);
  }

  stop() {
    unsubscribe(begun, this.#begin);
    unsubscribe(ended, this.#end);
  }

  counts() {
    return [...this.#byRoute.values()];
  }

  #begin = ({ request }) => {
    this.#since.set(request, performance.now());
  };

  // What is thrown in here would be an uncaught exception of the portal's.
  #end = ({ request, response }) => {
    const [, api, id] = String(request?.originalUrl ?? request?.url).split(/[/?#]/, 3);
    const count = api === 'api' ? this.#byRoute.get(id) : undefined;
    if (!count) {
      return;
    }
    count.requests++;
    count.failures += response?.statusCode >= 500 ? 1 : 0;
    count.seconds += (performance.now() - (this.#since.get(request) ?? performance.now())) / 1000;
  };
}

module.exports = { Traffic };

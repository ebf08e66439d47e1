'use strict';

// What Backstage says of its plugins, as the answer of /v1/plugins. The Go side is
// plugins/prove: the fields are explained there.

const { readFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { fileURLToPath } = require('node:url');

// longest is the most of an error's text that is told, in characters.
const longest = 2000;

class Report {
  #plugins;
  #config;
  #startedAfter;
  #failure = '';
  #sizes;

  constructor(plugins, config) {
    this.#plugins = plugins;
    this.#config = config;
  }

  // started notes that all plugins have started, and how long that took.
  started() {
    this.#startedAfter ??= process.uptime();
  }

  // failed notes why Backstage's start failed.
  failed(error) {
    this.#failure ||= textOf(error);
  }

  // startSeconds is from the process's start to the end of Backstage's, undefined
  // before that.
  get startSeconds() {
    return this.#startedAfter;
  }

  get generation() {
    return process.env.PLUGIN_GENERATION || '';
  }

  // packages are the plugins with what their package.json says. That can be unknown:
  // then there are fewer metrics.
  packages() {
    return this.#plugins.plugins({ includeFailed: true }).map(plugin => {
      let scanned;
      try {
        scanned = this.#plugins.getScannedPackage(plugin);
      } catch {
        // A plugin that was added by the host has no package.
      }
      return {
        name: plugin.name,
        version: plugin.version,
        role: plugin.role,
        platform: plugin.platform,
        failure: plugin.failure,
        pluginId: scanned?.manifest?.backstage?.pluginId,
        folder: scanned ? folderOf(scanned.location) : undefined,
      };
    });
  }

  answer() {
    return {
      generation: this.generation,
      started: this.#startedAfter !== undefined,
      failure: this.#failure,
      node: process.versions.node,
      backstage: release(),
      plugins: this.packages().map(p => ({
        name: String(p.name),
        version: String(p.version),
        role: String(p.role),
        platform: String(p.platform),
        failure: p.failure ? textOf(p.failure) : '',
        mayFail: this.#mayFail(p),
      })),
    };
  }

  // mayFail tells that Backstage is configured to go on when the plugin's start
  // fails. It then says so in its log alone: that the plugin runs cannot be proved.
  #mayFail({ platform, role, pluginId }) {
    if (platform !== 'node') {
      return false;
    }
    const key = role === 'backend-plugin-module' ? 'onPluginModuleBootFailure' : 'onPluginBootFailure';
    const startup = this.#config.getOptional('backend.startup');
    const own = startup?.plugins?.[pluginId];
    const otherwise = startup?.default?.[key];
    if (key === 'onPluginBootFailure') {
      return (own?.[key] ?? otherwise) === 'continue';
    }
    // A package does not say its module's ID: what one module may, this one may.
    return [otherwise, ...Object.values(own?.modules ?? {}).map(m => m?.[key])].includes('continue');
  }

  // sizes are the bytes of each plugin's files, by name, as the generation's list has
  // them; none when there is no list. A generation never changes: it is read once.
  sizes() {
    if (this.#sizes?.size > 0) {
      return this.#sizes;
    }
    const sizes = new Map();
    this.#sizes = sizes;
    const packages = this.packages().filter(p => p.folder);
    const roots = new Set(packages.map(p => dirname(p.folder)));
    for (const root of roots) {
      const list = listOf(root);
      for (const { name, folder } of packages) {
        const place = `${basename(root)}/${basename(folder)}/`;
        const own = list.filter(file => file.path.startsWith(place));
        if (dirname(folder) === root && own.length > 0) {
          sizes.set(name, own.reduce((sum, file) => sum + file.size, 0));
        }
      }
    }
    return sizes;
  }
}

function folderOf(location) {
  try {
    return fileURLToPath(location);
  } catch {
    return undefined;
  }
}

// listOf is the list of files beside the folder that plugins are loaded from.
function listOf(root) {
  try {
    return JSON.parse(readFileSync(join(dirname(root), 'generation.json'), 'utf8')).files ?? [];
  } catch {
    return []; // no generation: what is there before the first one, or a developer's folder
  }
}

// release is Backstage's, from the backstage.json that its own tools keep in the
// portal's root; '' when it is not there.
function release() {
  try {
    return String(JSON.parse(readFileSync(join(process.cwd(), 'backstage.json'), 'utf8')).version ?? '');
  } catch {
    return '';
  }
}

function textOf(error) {
  return String(error?.message ?? error).slice(0, longest);
}

module.exports = { Report };

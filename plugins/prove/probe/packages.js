'use strict';

// Which npm packages the portal's own program finds, and in which version: what was
// built into its image, not what the probe itself could find.

const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');

// npm's names: no path leads out of a folder of modules.
const names = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

// most names of one question, and the longest that npm allows.
const most = 1000;
const longest = 214;

// packages are the versions of those that are found, by name.
function packages(asked) {
  const found = Object.create(null);
  const paths = createRequire(program()).resolve.paths;
  for (const name of asked.slice(0, most)) {
    if (name.length <= longest && names.test(name)) {
      const version = versionOf(name, paths(name) ?? []);
      if (version !== undefined) {
        found[name] = version;
      }
    }
  }
  return found;
}

// program is the file that Node.js was started with.
function program() {
  return require.main?.filename ?? process.argv[1] ?? join(process.cwd(), 'index.js');
}

// versionOf looks where Node.js does, in its order: the first folder that has the
// package is the one. Its package.json is read as it is: exports could hide it.
function versionOf(name, folders) {
  for (const folder of folders) {
    let text;
    try {
      text = readFileSync(join(folder, name, 'package.json'), 'utf8');
    } catch {
      continue;
    }
    try {
      return String(JSON.parse(text).version ?? '');
    } catch {
      return ''; // it is there, in no version
    }
  }
  return undefined;
}

module.exports = { packages };

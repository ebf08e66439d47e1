'use strict';

// A minimal real Backstage backend: the services of backend-defaults and the loader
// of dynamic plugins, nothing else. It needs no database and no build step, and is
// in no image of production: the sandbox's portal pods and the tests of
// plugins/prove run it, as
//
//   node index.js --config app-config.yaml --config …
//
// with the variables APP_CONFIG_… and, for plugins outside this folder, NODE_PATH
// with its node_modules.

const { generateKeyPairSync, randomUUID } = require('node:crypto');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

// The plugins' common root is the folder that Backstage is started in, and so are
// relative paths of --config: /app in the image, this folder here.
process.chdir(__dirname);

const keys = 'APP_CONFIG_backend_auth_pluginKeyStore';
if (process.env[keys] === undefined) {
  process.env[keys] = JSON.stringify(keyStore());
}

// keyStore makes the keys that plugins sign their calls to each other with. Their
// usual store is the database. These live as long as the process: no key is
// committed, and none is worth to be stolen.
function keyStore() {
  const folder = mkdtempSync(join(tmpdir(), 'backstage-keys-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const publicKeyFile = join(folder, 'public.pem');
  const privateKeyFile = join(folder, 'private.pem');
  writeFileSync(publicKeyFile, publicKey);
  writeFileSync(privateKeyFile, privateKey, { mode: 0o600 });
  return { type: 'static', static: { keys: [{ publicKeyFile, privateKeyFile, keyId: randomUUID() }] } };
}

const { createBackend } = require('@backstage/backend-defaults');
const { dynamicPluginsFeatureLoader } = require('@backstage/backend-dynamic-feature-service');

const backend = createBackend();
backend.add(dynamicPluginsFeatureLoader());
// A start that fails ends the process, so that Kubernetes tells it. Without this the
// server would stay for ever and say that it is not ready: Backstage only logs what
// nobody catches.
backend.start().catch(error => {
  console.error(error);
  process.exit(1);
});

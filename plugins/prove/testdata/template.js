'use strict';

// A backend that ends as that of Backstage's own template does
// (@backstage/create-app, packages/backend/src/index.ts): nobody catches that the
// start fails.

const { createBackend } = require('@backstage/backend-defaults');
const { dynamicPluginsFeatureLoader } = require('@backstage/backend-dynamic-feature-service');

const backend = createBackend();
backend.add(dynamicPluginsFeatureLoader());
backend.start();

// Package provetest has small plugins for tests: a good one, and each way to be bad
// that Backstage answers in its own way. They are packages of plugins/npm/npmtest, to
// be published there, or to be packed without a registry.
//
// Hostile tarballs are plugins/tarball/tarballtest's, a registry's lies
// plugins/npm/npmtest's.
package provetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/tarball/tarballtest"
)

// Change makes a plugin other than the good one.
type Change func(*plugin)

type plugin struct {
	id, config        string
	onRequire, onInit []string
}

// ThrowsAtRequire throws this message when Backstage loads the plugin.
func ThrowsAtRequire(message string) Change {
	return func(p *plugin) { p.onRequire = append(p.onRequire, throws(message)) }
}

// ThrowsInInit throws this message when the plugin starts.
func ThrowsInInit(message string) Change {
	return func(p *plugin) { p.onInit = append(p.onInit, throws(message)) }
}

// StartsWhen makes the plugin's start wait until there is this file.
func StartsWhen(file string) Change {
	return func(p *plugin) {
		p.onInit = append(p.onInit,
			"while (!require('node:fs').existsSync("+quote(file)+")) await new Promise(again => setTimeout(again, 20));")
	}
}

// NeedsConfig makes the plugin's start fail without this string in app-config.
func NeedsConfig(key string) Change {
	return func(p *plugin) { p.config = key }
}

// WithID gives the plugin this ID. Backstage ends on two plugins of one.
func WithID(id string) Change {
	return func(p *plugin) { p.id = id }
}

var noID = regexp.MustCompile(`[^a-z0-9]+`)

// ID is the plugin ID of a package that has none by [WithID]: its name without the
// scope. Its routes are at /api/ID.
func ID(name string) string {
	return strings.Trim(noID.ReplaceAllString(name[strings.LastIndex(name, "/")+1:], "-"), "-")
}

// Package is a backend plugin. Without changes it is a good one, which answers, to
// everybody,
//
//	/api/ID/version   {"name": …, "version": …, "config": …}
//	/api/ID/broken    500
//	/api/ID/reject    {}, and leaves a rejection that nobody catches
//
// where config is the value of the key of [NeedsConfig].
func Package(name, version string, changes ...Change) npmtest.Package {
	p := plugin{id: ID(name)}
	for _, change := range changes {
		change(&p)
	}
	config := "undefined"
	if p.config != "" {
		config = "config.getString(" + quote(p.config) + ")"
	}
	source := fmt.Sprintf(`'use strict';
const { coreServices, createBackendPlugin } = require('@backstage/backend-plugin-api');
%s
exports.default = createBackendPlugin({
  pluginId: %s,
  register(env) {
    env.registerInit({
      deps: { config: coreServices.rootConfig, http: coreServices.httpRouter },
      async init({ config, http }) {
        const value = %s;
        %s
        http.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
        http.use((request, response, next) => {
          switch (request.path) {
            case '/version':
              return response.json({ name: %s, version: %s, config: value });
            case '/reject':
              Promise.reject(new Error('nobody catches this'));
              return response.json({});
            case '/broken':
              return next(new Error('broken'));
            default:
              return next();
          }
        });
      },
    });
  },
});
`, strings.Join(p.onRequire, "\n"), quote(p.id), config, strings.Join(p.onInit, "\n        "), quote(name), quote(version))
	return npmtest.Package{
		Name: name, Version: version,
		Fields: map[string]any{
			"license":   "MIT",
			"main":      "dist/index.cjs.js",
			"backstage": map[string]any{"role": "backend-plugin", "pluginId": p.id},
		},
		Files: map[string]string{"dist/index.cjs.js": source},
	}
}

// Tarball is the .tgz of a package that no registry has.
func Tarball(t testing.TB, p npmtest.Package) []byte {
	t.Helper()
	manifest, err := json.Marshal(p.Manifest())
	require.NoError(t, err)
	files := map[string]string{"package.json": string(manifest)}
	maps.Copy(files, p.Files)
	return tarballtest.Pack(t, files)
}

func throws(message string) string { return "throw new Error(" + quote(message) + ");" }

// quote is a text as JavaScript has it.
func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // it is a string
	}
	return string(quoted)
}

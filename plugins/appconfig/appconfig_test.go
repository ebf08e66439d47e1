package appconfig_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"gatehouse/plugins/appconfig"
)

func TestCheck(t *testing.T) {
	for fragment, want := range map[string][]string{
		"todo: {limit: 10, list: [1, {a: b}]}":                            nil,
		"auth: {providers: {github: {development: {clientId: '${ID}'}}}}": nil,
		"app: {extensions: [a], title: x}":                                nil,
		"permission: {rbac: {admin: {}}}":                                 nil,
		"catalog: {providers: {github: {backend: x}}}":                    nil,
		"a: {backend: {auth: 1}}":                                         nil,
		"backend: {auth: {dangerouslyDisableDefaultAuthPolicy: true}}":    {"backend is the portal's own", "backend.auth.dangerouslyDisableDefaultAuthPolicy switches a protection off"},
		"backend: {listen: ':1'}":                                         {"backend is the portal's own"},
		"backend: {database: {client: better-sqlite3}}":                   {"backend is the portal's own"},
		"backend: {startup: {default: {onPluginBootFailure: continue}}}":  {"backend is the portal's own"},
		"backend: null":                         {"backend is the portal's own"},
		"dynamicPlugins: {rootDirectory: /tmp}": {"dynamicPlugins says where plugins are"},
		"discovery: {endpoints: [{target: 'http://evil', plugins: [auth]}]}":     {"discovery says who answers"},
		"auth: {providers: {guest: {dangerouslyAllowOutsideDevelopment: true}}}": {"auth.providers.guest.dangerouslyAllowOutsideDevelopment switches a protection off"},
		"auth: {providers: {guest: {DangerouslyAllow: true}}}":                   {"auth.providers.guest.DangerouslyAllow switches"},
		"auth: {session: {secret: '${X}'}, environment: development}":            {"auth.environment is the portal's own", "auth.session is the portal's own"},
		"auth: null":                   {"auth is the portal's own"},
		"auth: [1]":                    {"auth is the portal's own"},
		"permission: {enabled: false}": {"permission.enabled is the portal's own"},
		"permission: null":             {"permission would take the place"},
		"app: {baseUrl: 'http://evil', listen: 1}":                                        {"app.baseUrl is the portal's own", "app.listen is the portal's own"},
		"todo: {$file: /var/run/secrets/kubernetes.io/serviceaccount/token}":              {"todo.$file has Backstage read another file"},
		"$include: other.yaml":                                                            {"$include has Backstage read"},
		"a: [{b: {$env: POSTGRES_PASSWORD}}]":                                             {"a.[0].b.$env has Backstage read"},
		"a: {__proto__: {isAdmin: true}}":                                                 {"a.__proto__ means something else"},
		"a: {1: x, b: {$env: X}}":                                                         {"a has a key that is no text"},
		"base: &b {dangerouslyDisableDefaultAuthPolicy: true}\nbackend: {auth: {<<: *b}}": {"backend is", "backend.auth.dangerously", "base.dangerously"},
	} {
		var values map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(fragment), &values), fragment)
		found := appconfig.Check(values)
		require.Len(t, found, len(want), "%s: %v", fragment, found)
		for i, each := range found {
			require.Contains(t, each.String(), want[i], fragment)
		}
	}
	require.Empty(t, appconfig.Check(nil))
}

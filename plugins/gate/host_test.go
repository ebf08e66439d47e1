package gate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
)

func TestCompatibility(t *testing.T) {
	on := func(change func(*gate.Host)) func(*scene) { return func(s *scene) { s.host(change) } }
	singleton := `{"name":"react","version":"17.0.2","license":"MIT"}`
	try(t, "compatibility", map[string]spoilt{
		"node too old":            {on(func(h *gate.Host) { h.Node = "18.20.0" }), gate.Refuse, "Node.js 20 || 22, the host has 18.20.0"},
		"node unknown":            {on(func(h *gate.Host) { h.Node = "" }), gate.Unknown, "does not say"},
		"backstage too new":       {on(func(h *gate.Host) { h.Backstage = "2.0.0" }), gate.Refuse, "Backstage ^1.40.0"},
		"backstage unknown":       {on(func(h *gate.Host) { h.Backstage = "" }), gate.Unknown, "does not say"},
		"any backstage":           {field("backstage", map[string]any{"role": "backend-plugin"}), gate.Pass, "held against"},
		"peer missing":            {on(func(h *gate.Host) { delete(h.Packages, "express") }), gate.Refuse, "express ^4.18.0, the host has none"},
		"peer too new":            {on(func(h *gate.Host) { h.Packages["express"] = "5.0.0" }), gate.Refuse, "express ^4.18.0, the host has 5.0.0"},
		"peer a pre-release":      {on(func(h *gate.Host) { h.Packages["express"] = "4.19.0-beta.1" }), gate.Refuse, "4.19.0-beta.1"},
		"optional peer":           {on(func(h *gate.Host) { h.Packages["optional-peer"] = "1.0.0" }), gate.Pass, "held against"},
		"shared too old":          {on(func(h *gate.Host) { h.Packages["@backstage/backend-plugin-api"] = "1.3.9" }), gate.Refuse, "^1.4.0, the host has 1.3.9"},
		"bundled, host's differs": {on(func(h *gate.Host) { h.Packages["left-pad"] = "9.0.0" }), gate.Pass, "held against"},
		"second singleton":        {file("node_modules/react/package.json", singleton), gate.Refuse, "it bundles react@17.0.2"},
		"deep singleton":          {file("node_modules/left-pad/node_modules/react/package.json", singleton), gate.Refuse, "it bundles react@17.0.2"},
		"a singleton that lies":   {file("node_modules/react/package.json", `{"name":"react-not","version":"1.0.0"}`), gate.Refuse, "it bundles react, of which"},
		"a singleton, unnamed":    {file("node_modules/left-pad/node_modules/@backstage/backend-plugin-api/index.js", ""), gate.Refuse, "it bundles @backstage/backend-plugin-api, of which"},
		"no singleton":            {file("node_modules/left-pad/react/index.js", ""), gate.Pass, "held"},
		"singleton, not there": {func(s *scene) {
			file("node_modules/react/package.json", singleton)(s)
			s.host(func(h *gate.Host) { delete(h.Packages, "react") })
		}, gate.Pass, "held"},
		"peer bundled": {func(s *scene) {
			file("node_modules/express/package.json", `{"name":"express","version":"4.20.0"}`)(s)
			s.host(func(h *gate.Host) { delete(h.Packages, "express") })
		}, gate.Pass, "held"},
		"workspace range": {field("peerDependencies", map[string]any{"express": "workspace:^"}), gate.Refuse, "does not serve"},
		"no range":        {field("peerDependencies", map[string]any{"express": "!!"}), gate.Refuse, "read the range"},
		"alias":           {field("peerDependencies", map[string]any{"express": "npm:express@^4.0.0"}), gate.Pass, "held"},
		"accepted": {func(s *scene) {
			s.host(func(h *gate.Host) { h.Packages["express"] = "5.0.0" })
			s.accept("compatibility", "express")
		}, gate.AcceptedException, "the board"},
		"no host":    {func(s *scene) { s.sources.Host = gate.Found[gate.Host]{} }, gate.Unknown, "nobody looked"},
		"no tarball": {func(s *scene) { s.noTarball() }, gate.Unknown, "disk"},
		"rebuild, singleton": {func(s *scene) {
			s.candidate.Strategy = plugins.Rebuild
			s.host(func(h *gate.Host) { h.Packages["@backstage/backend-plugin-api"] = "1.3.9" })
		}, gate.Refuse, "1.3.9"},
	})
}

func TestLoadable(t *testing.T) {
	role := func(role string) func(*scene) { return field("backstage", map[string]any{"role": role}) }
	sidecar := func(role, id string) func(*scene) {
		return func(s *scene) {
			field("backstage", map[string]any{"role": role, "pluginId": id})(s)
			s.candidate.Strategy = plugins.Sidecar
		}
	}
	try(t, "loadable", map[string]spoilt{
		"module role":            {role("backend-plugin-module"), gate.Pass, "dist/index.cjs.js is there"},
		"no role":                {field("backstage", map[string]any{}), gate.Refuse, "no backstage.role"},
		"a library":              {role("node-library"), gate.Refuse, `"node-library"`},
		"frontend, static":       {role("frontend-plugin"), gate.Refuse, "compiled into a portal"},
		"frontend, dynamic":      {func(s *scene) { s.files["dist/remoteEntry.js"] = ""; role("frontend-plugin")(s) }, gate.Pass, "remoteEntry.js"},
		"no main":                {field("main", nil), gate.Refuse, "no main"},
		"main absent":            {field("main", "dist/other.js"), gate.Refuse, "not in the tarball"},
		"main outside":           {field("main", "../../etc/passwd"), gate.Refuse, "leads out of the package"},
		"main of a neighbour":    {field("main", "../dist/index.cjs.js"), gate.Refuse, "leads out of the package"},
		"main from the root":     {field("main", "/dist/index.cjs.js"), gate.Refuse, "leads out of the package"},
		"main out and back":      {field("main", "dist/../../plugin/dist/index.cjs.js"), gate.Refuse, "leads out of the package"},
		"main by a roundabout":   {field("main", "lib/../dist/index.cjs.js"), gate.Pass, "main dist/index.cjs.js is there"},
		"main outside, accepted": {func(s *scene) { field("main", "../dist/index.cjs.js")(s); s.accept("loadable", "main-outside") }, gate.Refuse, "leads out"},
		// Backstage's loader prefers alpha/package.json to the package's own.
		"alpha": {func(s *scene) {
			s.files["dist/alpha.cjs.js"] = ""
			file("alpha/package.json", `{"main":"../dist/alpha.cjs.js"}`)(s)
		}, gate.Pass, "alpha dist/alpha.cjs.js is there"},
		"alpha without main": {file("alpha/package.json", `{"type":"commonjs"}`), gate.Pass, "main dist/index.cjs.js"},
		"alpha outside":      {file("alpha/package.json", `{"main":"../../dist/index.cjs.js"}`), gate.Refuse, "its alpha \"../../dist/index.cjs.js\" leads out"},
		"alpha absent":       {file("alpha/package.json", `{"main":"../dist/alpha.cjs.js"}`), gate.Refuse, "not in the tarball"},
		"alpha in source": {func(s *scene) {
			s.files["alpha/evil.js"] = ""
			file("alpha/package.json", `{"main":"evil.js"}`)(s)
		}, gate.Refuse, "not below dist"},
		"alpha unreadable": {file("alpha/package.json", `{`), gate.Unknown, "which the loader prefers, cannot be read"},
		"frontend, no main": {func(s *scene) {
			s.files["dist/remoteEntry.js"] = ""
			delete(s.fields, "main")
			role("frontend-plugin")(s)
		}, gate.Refuse, "no main"},
		"main without extension": {field("main", "./dist/index.cjs"), gate.Pass, "dist/index.cjs.js"},
		"main a folder":          {func(s *scene) { s.files["dist/index.js"] = ""; field("main", "dist/")(s) }, gate.Pass, "dist/index.js"},
		"main in source":         {func(s *scene) { s.files["src/index.ts"] = ""; field("main", "src/index.ts")(s) }, gate.Refuse, "not built"},
		"main beside dist":       {func(s *scene) { s.files["index.js"] = ""; field("main", "index.js")(s) }, gate.Refuse, "not below dist"},
		"main in dist's twin":    {func(s *scene) { s.files["distort/index.js"] = ""; field("main", "distort/index.js")(s) }, gate.Refuse, "not below dist"},
		"a module":               {field("type", "module"), gate.Refuse, "ECMAScript"},
		"a module above":         {func(s *scene) { s.files["dist/package.json"] = `{"type":"commonjs"}`; field("type", "module")(s) }, gate.Pass, "is there"},
		"mjs":                    {func(s *scene) { s.files["dist/index.mjs"] = ""; field("main", "dist/index.mjs")(s) }, gate.Refuse, "not built"},
		"dependency missing": {func(s *scene) {
			delete(s.files, leftPad)
			s.pack()
		}, gate.Refuse, "neither it nor the host has left-pad"},
		"dependency in the host": {func(s *scene) {
			delete(s.files, leftPad)
			s.pack()
			s.host(func(h *gate.Host) { h.Packages["left-pad"] = "1.3.0" })
		}, gate.Pass, "every dependency"},
		"dependency of a dependency": {file(leftPad, `{"name":"left-pad","version":"1.3.0","dependencies":{"pad-core":"^1"}}`), gate.Refuse, "pad-core"},
		"dependency where Node does not look": {func(s *scene) {
			s.files["node_modules/left-pad/node_modules/pad-core/package.json"] = `{"name":"pad-core","version":"1.0.0"}`
			s.files["node_modules/uses/package.json"] = `{"name":"uses","version":"1.0.0","dependencies":{"pad-core":"^1"}}`
			s.pack()
		}, gate.Refuse, "pad-core"},
		"dependency beside": {func(s *scene) {
			s.files["node_modules/left-pad/node_modules/@x/core/package.json"] = `{"name":"@x/core","version":"1.0.0"}`
			s.files[leftPad] = `{"name":"left-pad","version":"1.3.0","dependencies":{"@x/core":"^1"}}`
			s.pack()
		}, gate.Pass, "2 of them bundled"},
		"dependency half way up": {func(s *scene) {
			s.files["node_modules/left-pad/node_modules/core/package.json"] = `{"name":"core","version":"1.0.0"}`
			s.files["node_modules/left-pad/node_modules/uses/package.json"] = `{"name":"uses","version":"1.0.0","dependencies":{"core":"^1"}}`
			s.pack()
		}, gate.Pass, "3 of them bundled"},
		"optional missing": {file(leftPad, `{"name":"left-pad","version":"1.3.0","dependencies":{"opt":"1"},"optionalDependencies":{"opt":"1"}}`), gate.Pass, "every"},
		"host unknown":     {func(s *scene) { s.sources.Host = gate.Found[gate.Host]{} }, gate.Unknown, "@backstage/backend-plugin-api"},
		"accepted":         {func(s *scene) { delete(s.files, leftPad); s.pack(); s.accept("loadable", "dependencies") }, gate.AcceptedException, "the board"},
		"rebuild":          {func(s *scene) { s.candidate.Strategy = plugins.Rebuild }, gate.NotApplicable, "compiles it"},
		"sidecar":          {sidecar("backend-plugin", "notes"), gate.Pass, "is there"},
		"sidecar of auth":  {sidecar("backend-plugin", "auth"), gate.Refuse, "it would answer for the portal's own"},
		"sidecar of the host's": {func(s *scene) {
			sidecar("backend-plugin", "notes")(s)
			s.host(func(h *gate.Host) { h.Packages["@backstage/plugin-notes-backend"] = "1.0.0" })
		}, gate.Refuse, "it would answer for the portal's own"},
		"sidecar of nothing": {sidecar("backend-plugin", ""), gate.Refuse, "no backstage.pluginId"},
		"sidecar of no ID":   {sidecar("backend-plugin", "notes/../auth"), gate.Refuse, "is none"},
		"sidecar, a module":  {sidecar("backend-plugin-module", "notes"), gate.Refuse, "a module of another plugin"},
		"no tarball":         {func(s *scene) { s.noTarball() }, gate.Unknown, "disk"},
	})
}

func TestParseHost(t *testing.T) {
	host, err := gate.ParseHost(strings.NewReader(`{"backstage":"1.42.0","node":"22.3.0","packages":{"react":"18.3.1"}}`))
	require.NoError(t, err)
	require.Equal(t, gate.Host{Backstage: "1.42.0", Node: "22.3.0", Packages: map[string]string{"react": "18.3.1"}}, host)
	for text, part := range map[string]string{
		``:                             "EOF",
		`{}`:                           "lists no packages",
		`{"pakages":{}}`:               "unknown field",
		`{"packages":{"react":"^18"}}`: "no version",
		`{"node":"lts","packages":{"react":"18.3.1"}}`: "no version",
	} {
		_, err := gate.ParseHost(strings.NewReader(text))
		require.ErrorContains(t, err, part, text)
	}
}

func TestHostOfLock(t *testing.T) {
	host, err := gate.HostOfLock([]byte(`{"lockfileVersion":3,"packages":{"":{"version":"0.0.0"},"packages/app":{"version":"0.0.0"},
		"node_modules/react":{"version":"18.3.1"},"node_modules/@a/b":{"version":"1.0.0"},"node_modules/app":{"link":true},
		"node_modules/x/node_modules/react":{"version":"17.0.0"}}}`), "1.42.0", "22.3.0")
	require.NoError(t, err)
	require.Equal(t, map[string]string{"react": "18.3.1", "@a/b": "1.0.0"}, host.Packages)
	for text, part := range map[string]string{
		`{"lockfileVersion":1}`: "npm 7",
		`{"lockfileVersion":3}`: "lists no packages",
		`x`:                     "package-lock.json",
	} {
		_, err := gate.HostOfLock([]byte(text), "", "")
		require.ErrorContains(t, err, part)
	}
}

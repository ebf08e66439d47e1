package npm_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/npm"
)

func TestLicencesOfEveryForm(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                  "",
		`{"license":"MIT"}`:   "MIT",
		`{"license":" MIT "}`: "MIT",
		`{"license":""}`:      "",
		`{"license":null}`:    "",
		`{"license":7}`:       "",
		`{"license":{"type":"MIT","url":"https://example.com"}}`: "MIT",
		`{"license":{"name":"MIT"}}`:                             "MIT",
		`{"license":{"url":"https://example.com"}}`:              "",
		`{"license":["MIT","ISC"]}`:                              "(MIT OR ISC)",
		`{"licenses":[{"type":"MIT"},{"type":"Apache-2.0"}]}`:    "(MIT OR Apache-2.0)",
		`{"licenses":[{"type":"MIT"}]}`:                          "MIT",
		`{"licenses":{"type":"MIT"}}`:                            "MIT",
		`{"license":"GPL-3.0","licenses":[{"type":"MIT"}]}`:      "GPL-3.0",
		`{"licence":"MIT"}`:                                      "MIT",
		`{"license":"SEE LICENSE IN LICENSE.md"}`:                "SEE LICENSE IN LICENSE.md",
		`{"license":"(MIT AND BSD-3-Clause)"}`:                   "(MIT AND BSD-3-Clause)",
		`{"license":[]}`:                                         "",
		`{"License":"MIT"}`:                                      "",
		`{"license":"UNLICENSED","licenses":"MIT"}`:              "UNLICENSED",
		`{"licenses":["MIT",["ISC",{"type":"0BSD"}]]}`:           "(MIT OR ISC OR 0BSD)",
	} {
		p, err := npm.ParsePackage([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, want, p.Licence, text)
	}
}

func TestOldPackagesAreRead(t *testing.T) {
	p, err := npm.ParsePackage([]byte(`{"name":"JSONStream","version":"0.1","engines":["node"],"main":["a.js"],
		"dependencies":[],"bundledDependencies":true,"scripts":null,"typings":"x.d.ts","gypfile":false,"peerDependenciesMeta":{"a":{}}}`))
	require.NoError(t, err)
	require.Equal(t, npm.Package{Types: "x.d.ts", Ref: p.Ref}, p)
	require.Equal(t, "JSONStream@0.1", p.Ref.String())
}

func TestBundledInEverySpelling(t *testing.T) {
	for text, want := range map[string][]string{
		`{"bundleDependencies":["b","a","b"]}`:                         {"a", "b"},
		`{"bundledDependencies":["a"]}`:                                {"a"},
		`{"bundleDependencies":true,"dependencies":{"b":"1","a":"2"}}`: {"a", "b"},
		`{"bundleDependencies":false,"dependencies":{"a":"2"}}`:        nil,
		`{"bundleDependencies":null,"bundledDependencies":["a"]}`:      {"a"},
		`{"dependencies":{"a":"2"}}`:                                   nil,
	} {
		p, err := npm.ParsePackage([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, want, p.BundleDependencies, text)
	}
}

func TestWhatRunsAtInstall(t *testing.T) {
	for text, want := range map[string]bool{
		`{"scripts":{"preinstall":"x"}}`: true, `{"scripts":{"install":"x"}}`: true, `{"scripts":{"postinstall":"x"}}`: true,
		`{"gypfile":true}`: true, `{"hasInstallScript":true}`: true,
		`{"scripts":{"prepare":"x","test":"x","postInstall":"x"}}`: false, `{"scripts":{"install":""}}`: false, `{}`: false,
		// Node sees both names; encoding/json would let the second count.
		`{"scripts":{"install":"x"},"Scripts":{"install":""}}`: true,
	} {
		p, err := npm.ParsePackage([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, want, p.InstallScript, text)
	}
}

func TestWhatCouldHideSomethingIsRefused(t *testing.T) {
	for _, text := range []string{
		``, `null`, `[]`, `{`, `"x"`, `{"name":7}`, `{"version":{}}`, `{"dependencies":"x"}`, `{"dependencies":{"a":{}}}`, `{"dependencies":{"a":null}}`,
		`{"scripts":["x"]}`, `{"scripts":{"install":true}}`, `{"peerDependencies":7}`, `{"optionalDependencies":["a"]}`,
		`{"peerDependenciesMeta":{"a":true}}`, `{"bundleDependencies":"a"}`, `{"bundleDependencies":[7]}`, `{"bundleDependencies":{}}`,
		`{"backstage":"backend-plugin"}`, `{"backstage":{"role":7}}`, `{"backstage":{"features":{".":7}}}`, `{"backstage":{"supported-versions":[]}}`,
	} {
		_, err := npm.ParsePackage([]byte(text))
		require.ErrorIs(t, err, npm.ErrInvalid, text)
		require.ErrorContains(t, err, "package.json", text)
	}
}

// Whatever comes, there is no panic, and what is read is what encoding/json sees
// by the exact name.
func FuzzParsePackage(f *testing.F) {
	for _, seed := range []string{
		`{"name":"a","version":"1.0.0","scripts":{"install":"x"},"license":{"type":"MIT"},"licenses":["A",{"name":"B"}]}`,
		`{"bundledDependencies":true,"dependencies":{"a":"1"},"peerDependenciesMeta":{"a":{"optional":true}},"backstage":{"role":"backend-plugin","features":{}}}`,
		`{"scripts":[],"gypfile":true,"engines":[]}`, `null`, `[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		p, err := npm.ParsePackage(content)
		if err != nil {
			require.ErrorIs(t, err, npm.ErrInvalid)
			return
		}
		var all map[string]any
		require.NoError(t, json.Unmarshal(content, &all))
		scripts, _ := all["scripts"].(map[string]any)
		require.Len(t, p.Scripts, len(scripts))
		for _, event := range []string{"preinstall", "install", "postinstall"} {
			if text, _ := scripts[event].(string); text != "" {
				require.True(t, p.InstallScript)
			}
		}
		if text, is := all["main"].(string); is {
			require.Equal(t, text, p.Main)
		}
	})
}

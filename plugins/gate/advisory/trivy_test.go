package advisory_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate/advisory"
)

const trivy = `{"SchemaVersion":2,"CreatedAt":"2026-11-01T10:00:00Z","Results":[
	{"Type":"node-pkg","Packages":[{"Name":"p","Version":"1.0.0"},{"Name":"q","Version":"1.0.0"}],
	 "Vulnerabilities":[
	  {"VulnerabilityID":"CVE-2","PkgName":"p","InstalledVersion":"1.0.0","FixedVersion":"1.0.1, 2.0.0","Severity":"HIGH","Title":"t"},
	  {"VulnerabilityID":"CVE-1","PkgName":"p","InstalledVersion":"1.0.0","Severity":"UNKNOWN"},
	  {"VulnerabilityID":"CVE-3","PkgName":"other","InstalledVersion":"1.0.0","Severity":"HIGH"}]},
	{"Type":"debian","Packages":[{"Name":"bash","Version":"5"}]}]}`

func TestTrivy(t *testing.T) {
	source, err := advisory.ParseTrivy([]byte(trivy))
	require.NoError(t, err)
	p, q := advisory.Component{Name: "p", Version: "1.0.0"}, advisory.Component{Name: "q", Version: "1.0.0"}
	report, err := source.Find(context.Background(), []advisory.Component{p, q})
	require.NoError(t, err)
	require.Equal(t, advisory.Report{AsOf: time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC), Vulnerabilities: []advisory.Vulnerability{
		{ID: "CVE-1", Component: p},
		{ID: "CVE-2", Component: p, Severity: advisory.High, Fixed: "1.0.1", Summary: "t"},
	}}, report)
	for _, missing := range []advisory.Component{{Name: "p", Version: "1.0.1"}, {Name: "bash", Version: "5"}} {
		_, err = source.Find(context.Background(), []advisory.Component{p, missing})
		require.ErrorContains(t, err, "does not list "+missing.String())
	}
}

func TestParseTrivyRefuses(t *testing.T) {
	for _, text := range []string{``, `{}`, `{"SchemaVersion":1,"CreatedAt":"2026-11-01T10:00:00Z"}`, `{"SchemaVersion":2}`, `{"SchemaVersion":2,"CreatedAt":"x"}`} {
		_, err := advisory.ParseTrivy([]byte(text))
		require.ErrorContains(t, err, "read Trivy's result", text)
	}
}

func FuzzParseTrivy(f *testing.F) {
	f.Add([]byte(trivy))
	f.Fuzz(func(t *testing.T, content []byte) {
		if source, err := advisory.ParseTrivy(content); err == nil {
			_, _ = source.Find(context.Background(), []advisory.Component{{Name: "p", Version: "1.0.0"}})
		}
	})
}

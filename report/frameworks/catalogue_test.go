package frameworks_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report/frameworks"
)

// The numbers of controls, counted in the standards.
func TestCataloguesAreWhole(t *testing.T) {
	counts := map[string]map[string]int{
		"SOC 2":       {"all": 61, "CC": 33, "A1": 3, "C1": 2, "PI1": 5, "P": 18},
		"ISO 27001":   {"all": 93, "A.5": 37, "A.6": 8, "A.7": 14, "A.8": 34},
		"NIST 800-53": {"all": 299, "AC": 23, "AU": 15, "CM": 14, "CP": 12, "IA": 13, "PM": 32, "SA": 16, "SC": 47, "SI": 22, "SR": 12},
		"CIS EKS":     {"all": 46, "2": 1, "3": 13, "4": 20, "5": 12},
	}
	require.Len(t, frameworks.Catalogues(), len(counts))
	for _, c := range frameworks.Catalogues() {
		got := map[string]int{}
		for _, group := range c.Groups {
			for _, control := range group.Controls {
				got["all"]++
				for prefix := range counts[c.Name] {
					rest, is := strings.CutPrefix(control.ID, prefix)
					// What follows a prefix is a number: P is no part of PI1.1 or PM-1.
					if is && strings.IndexAny(rest, ".-0123456789") == 0 {
						got[prefix]++
					}
				}
			}
		}
		require.Equal(t, counts[c.Name], got, c.Name)
		for _, word := range []string{"Gatehouse's own", "no body has approved it", "supports"} {
			require.Contains(t, c.Scope, word, "%s must be honest about what it is", c.Name)
		}
	}
}

func TestResolve(t *testing.T) {
	for _, c := range []struct{ standard, requirement, want string }{
		{"NIST 800-53", "SC-7", "SC-7"},
		{"NIST 800-53", "SC-7(5)", "SC-7"},
		{"NIST 800-53", "AC-2 (1)", "AC-2"},
		{"NIST 800-53", "ac-2.1", "AC-2"},
		{"NIST 800-53", "AC-13", ""}, // withdrawn
		{"NIST 800-53", "AC", ""},
		{"NIST 800-53", "SC-70", ""},
		{"ISO 27001", "A.8.24", "A.8.24"},
		{"ISO 27001", "8.24", "A.8.24"},
		{"ISO 27001", "A.8", ""},
		{"ISO 27001", "A.8.35", ""},
		{"SOC 2", "CC6.6", "CC6.6"},
		{"SOC 2", "CC6.6.1", "CC6.6"},
		{"SOC 2", "CC6", ""},
		{"SOC 2", "1.1", ""},
		{"CIS EKS", "5.4.2", "5.4.2"},
		{"CIS EKS", " 5.4.2 ", "5.4.2"},
		{"CIS EKS", "5.4", ""},
		{"CIS EKS", "", ""},
		{"CIS EKS", "5.4.2" + strings.Repeat(".1", 100_000), ""},
	} {
		catalogue, err := frameworks.Find(c.standard)
		require.NoError(t, err)
		id, found := catalogue.Resolve(c.requirement)
		require.Equal(t, c.want, id, "%s %q", c.standard, c.requirement)
		require.Equal(t, c.want != "", found)
	}
}

func TestFind(t *testing.T) {
	for given, want := range map[string]string{
		"SOC 2": "SOC 2", "soc2": "SOC 2", "iso": "ISO 27001", "iso-27001": "ISO 27001", "NIST": "NIST 800-53", "cis_eks": "CIS EKS",
	} {
		c, err := frameworks.Find(given)
		require.NoError(t, err)
		require.Equal(t, want, c.Name)
	}
	_, err := frameworks.Find("CIS ESK")
	require.ErrorContains(t, err, `did you mean "CIS EKS"`)
	for _, given := range []string{"", "PCI DSS"} {
		_, err := frameworks.Find(given)
		require.ErrorContains(t, err, "SOC 2, ISO 27001, NIST 800-53, CIS EKS")
	}
}

func TestParseRefuses(t *testing.T) {
	const head = "name: X\nedition: 1\nscope: all\n"
	for given, want := range map[string]string{
		"":                                  "is missing",
		"name: X\nedition: 1\ngroups: []\n": "scope is missing",
		head:                                "has no controls",
		head + "group: []\n":                "line 4: field group not found",
		head + "groups: [{name: G, controls: []}]\n":                                     `group "G" has no name or no controls`,
		head + "groups: [{name: G, controls: [{id: A}]}]\n":                              "lacks its id or title",
		head + "groups: [{name: G, controls: [{id: A, title: a}, {id: A, title: b}]}]\n": "control A is there twice",
		head + "groups: {": "line 4",
	} {
		_, err := frameworks.Parse("x.yaml", []byte(given))
		require.ErrorContains(t, err, "read catalogue: x.yaml", "%q", given)
		require.ErrorContains(t, err, want, "%q", given)
	}
}

func FuzzResolve(f *testing.F) {
	for _, seed := range []string{"SC-7(5)", "A.8.24", "..", "(", "5.4.2", "CC6.6\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, requirement string) {
		for _, c := range frameworks.Catalogues() {
			id, found := c.Resolve(requirement)
			if !found {
				require.Empty(t, id)
				continue
			}
			again, is := c.Resolve(id)
			require.True(t, is)
			require.Equal(t, id, again, "what is found is a control")
		}
	})
}

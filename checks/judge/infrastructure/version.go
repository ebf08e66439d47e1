package infrastructure

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// standardEnds are the ends of standard support that AWS has announced, for
// when EKS itself cannot be asked (EKS user guide, "Understand the Kubernetes
// version lifecycle on EKS", as of November 2026).
var standardEnds = map[string]time.Time{
	"1.34": time.Date(2026, time.December, 2, 0, 0, 0, 0, time.UTC),
	"1.35": time.Date(2027, time.March, 27, 0, 0, 0, 0, time.UTC),
}

var clusterVersion = judge.Checker{
	ID:       "eks-version-supported",
	Expected: "The cluster runs a Kubernetes version in EKS's standard support, with time left to upgrade",
	Needs:    []evidence.Name{evidence.AWSCluster.Name(), evidence.AWSClusterVersions.Name()},
	Judge: func(c *judge.Case) {
		least, days := c.Text("minVersion"), c.Int("supportDays")
		c.Expect("The cluster runs Kubernetes %s or newer, in EKS's standard support for %d days more", least, days)
		cluster := judge.Read(c, evidence.AWSCluster)
		if cluster.Version == "" {
			return
		}
		where := "cluster " + cluster.Name
		older, err := olderVersion(cluster.Version, least)
		if err != nil {
			c.Unknown("the version of %s cannot be understood: %v", where, err)
			return
		}
		c.Require(!older, where, "it runs Kubernetes %s, older than %s", cluster.Version, least)
		ends, source := standardSupport(c, cluster.Version)
		if ends.IsZero() {
			return
		}
		left := int(ends.Sub(c.Now).Hours() / 24)
		switch {
		case !ends.After(c.Now):
			c.FailWith(where, "upgrade it one minor version after another", "standard support of %s ended on %s", cluster.Version, ends.Format(time.DateOnly))
		default:
			c.Require(left >= days, where, "standard support of %s ends on %s, in %d days: plan the upgrade", cluster.Version, ends.Format(time.DateOnly), left)
		}
		c.Note("Kubernetes %s, in standard support until %s (%s)", cluster.Version, ends.Format(time.DateOnly), source)
	},
}

// standardSupport is the end of a version's standard support and who says so.
func standardSupport(c *judge.Case, version string) (time.Time, string) {
	versions, problems := judge.Try(c, evidence.AWSClusterVersions)
	for _, v := range versions {
		if v.Version == version && !v.StandardSupport.IsZero() {
			return v.StandardSupport, "as EKS says"
		}
	}
	for _, p := range problems {
		if p.Kind != evidence.Unsupported { // an emulator; AWS itself knows the question
			c.Unknown("%s: %s: %s", evidence.AWSClusterVersions.Name(), p.Kind, p.Message)
			return time.Time{}, ""
		}
	}
	if ends, known := standardEnds[version]; known {
		return ends, "as AWS's documentation of November 2026 says; EKS could not be asked"
	}
	c.Unknown("nobody says until when EKS supports Kubernetes %s", version)
	return time.Time{}, ""
}

// olderVersion compares MAJOR.MINOR by number: 1.9 is older than 1.28.
func olderVersion(a, b string) (bool, error) {
	first, err := minor(a)
	if err != nil {
		return false, err
	}
	second, err := minor(b)
	return first[0] < second[0] || first[0] == second[0] && first[1] < second[1], err
}

func minor(version string) ([2]int, error) {
	var numbers [2]int
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) < 2 {
		return numbers, fmt.Errorf("%q is not MAJOR.MINOR", version)
	}
	for i := range numbers {
		n, err := strconv.Atoi(strings.TrimSuffix(parts[i], "+"))
		if err != nil {
			return numbers, fmt.Errorf("%q is not MAJOR.MINOR", version)
		}
		numbers[i] = n
	}
	return numbers, nil
}

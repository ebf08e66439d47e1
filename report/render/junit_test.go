package render_test

import (
	"encoding/xml"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
)

type counts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type outcome struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type suites struct {
	counts
	Suites []struct {
		Name string `xml:"name,attr"`
		counts
		Cases []struct {
			Name                    string `xml:"name,attr"`
			Failure, Error, Skipped *outcome
			F                       *outcome `xml:"failure"`
			E                       *outcome `xml:"error"`
			S                       *outcome `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func junit(t require.TestingT, r report.Result) suites {
	var s suites
	require.NoError(t, xml.Unmarshal([]byte(rendered(t, "junit", r, options())), &s))
	return s
}

func TestJUnit(t *testing.T) {
	s := junit(t, example())
	require.Equal(t, counts{Tests: 8, Failures: 2, Errors: 1, Skipped: 4}, s.counts)
	var told []string
	for _, suite := range s.Suites {
		for _, c := range suite.Cases {
			switch {
			case c.F != nil:
				told = append(told, suite.Name+" failure "+c.Name+": "+c.F.Message)
			case c.E != nil:
				told = append(told, suite.Name+" error "+c.Name+": "+c.E.Message)
			case c.S != nil:
				told = append(told, suite.Name+" skipped "+c.Name+": "+c.S.Message)
			default:
				told = append(told, suite.Name+" "+c.Name)
			}
		}
	}
	require.Equal(t, []string{
		"aws skipped aws-dynamodb-pitr: Tables can be restored: no resource of its types",
		"aws failure aws-ec2-no-open-ssh: SSH is not open to the internet: 2 denied",
		"aws skipped aws-iam-no-wildcard-action: IAM policies name the actions that they allow: 2 undecided",
		"aws skipped aws-rds-multi-az: Databases survive the loss of a zone: 1 waived",
		"aws failure aws-rds-storage-encrypted: RDS storage is encrypted: 1 denied",
		"aws aws-s3-versioned: Buckets keep versions",
		"aws skipped aws-tags: Resources carry the tags that costs are shared by: 1 advisory",
		"graph error graph-default-deny: Every namespace with workloads denies traffic by default: 1 could not be judged",
	}, told)
	require.Contains(t, s.Suites[0].Cases[3].S.Text, "waived until 2027-02-01: staging may be gone for an hour (alice, PLAT-12)")
}

func TestJUnitFailsFromASeverityOn(t *testing.T) {
	r := example()
	r.Finish(report.Low)
	require.Equal(t, counts{Tests: 8, Failures: 3, Errors: 1, Skipped: 3}, junit(t, r).counts)
}

func TestJUnitIsXMLWhateverIsSaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyResult(t)
		s := junit(t, r)
		var all counts
		for _, suite := range s.Suites {
			var of counts
			for _, c := range suite.Cases {
				of.Tests++
				n := 0
				for outcome, count := range map[*outcome]*int{c.F: &of.Failures, c.E: &of.Errors, c.S: &of.Skipped} {
					if outcome != nil {
						*count++
						n++
					}
				}
				require.LessOrEqual(t, n, 1, fmt.Sprint(c))
			}
			require.Equal(t, of, suite.counts)
			all.Tests, all.Failures, all.Errors, all.Skipped = all.Tests+of.Tests, all.Failures+of.Failures, all.Errors+of.Errors, all.Skipped+of.Skipped
		}
		require.Equal(t, all, s.counts)
		require.Equal(t, r.Summary.Failed, all.Failures+all.Errors > 0, "it fails when the run does")
	})
}

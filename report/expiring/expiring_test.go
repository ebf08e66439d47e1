package expiring_test

import (
	"fmt"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/attestations"
	"gatehouse/report/expiring"
	"gatehouse/report/readiness"
)

// now is late on its day, which is what days are counted from.
var now = time.Date(2026, 11, 22, 23, 59, 59, 0, time.UTC)

func stated(item, on, expires string) attestations.Attestation {
	return attestations.Attestation{Item: item, Owner: "Ada Okafor", Statement: "s", Link: "l", On: on, Expires: expires}
}

func waived(rule, resource, expires string) report.Waiver {
	return report.Waiver{Rule: rule, Resource: resource, Approver: "Bo", Expires: expires}
}

// The days around the two ends: 14 days before the last day, and the last day.
func TestBoundaries(t *testing.T) {
	for expires, days := range map[string]int{
		"2026-12-07": 15, "2026-12-06": 14, "2026-12-05": 13, "2026-11-23": 1, "2026-11-22": 0, "2026-11-21": -1, "2025-11-22": -365,
	} {
		for _, at := range []time.Time{now, now.Truncate(24 * time.Hour), now.In(time.FixedZone("east", 14*3600))} {
			got := expiring.Of([]attestations.Attestation{stated("A-1", "2025-01-01", expires)}, []report.Waiver{waived("a", "*", expires)}, "staging", at)
			if days > 14 {
				require.Empty(t, got, expires)
				continue
			}
			require.Len(t, got, 2, expires)
			require.Equal(t, days, got[0].Days)
			require.Equal(t, days, got[1].Days)
		}
	}
}

func TestOf(t *testing.T) {
	elsewhere := stated("A-1", "2026-01-01", "2026-11-22")
	elsewhere.Environments = []string{"production"}
	here := waived("a", "x", "2026-11-20")
	here.Environments = []string{"staging", "test"}
	for name, c := range map[string]struct {
		stated []attestations.Attestation
		waived []report.Waiver
		want   []string // "OF DAYS", in order
	}{
		"none":                      {nil, nil, []string{}},
		"of another environment":    {[]attestations.Attestation{elsewhere}, nil, []string{}},
		"of this one":               {nil, []report.Waiver{here}, []string{"a -2"}},
		"what ends first is first":  {[]attestations.Attestation{stated("A-1", "2026-01-01", "2026-12-01")}, []report.Waiver{waived("b", "*", "2026-11-30"), waived("a", "*", "2026-11-30"), here}, []string{"a -2", "a 8", "b 8", "A-1 9"}},
		"a newer one follows":       {[]attestations.Attestation{stated("A-1", "2026-01-01", "2026-11-25"), stated("A-1", "2026-11-26", "2027-11-25")}, nil, []string{}},
		"a newer one, after a gap":  {[]attestations.Attestation{stated("A-1", "2026-01-01", "2026-11-25"), stated("A-1", "2026-11-27", "2027-11-25")}, nil, []string{"A-1 3"}},
		"ended, and a newer holds":  {[]attestations.Attestation{stated("A-1", "2025-01-01", "2026-01-01"), stated("A-1", "2026-11-22", "2027-11-25")}, nil, []string{}},
		"ended, a newer is to come": {[]attestations.Attestation{stated("A-1", "2025-01-01", "2026-01-01"), stated("A-1", "2026-11-23", "2027-11-25")}, nil, []string{"A-1 -325"}},
		"the newer ends soon too":   {[]attestations.Attestation{stated("A-1", "2025-01-01", "2026-01-01"), stated("A-1", "2026-01-01", "2026-11-25")}, nil, []string{"A-1 3"}},
		"both have ended":           {[]attestations.Attestation{stated("A-1", "2025-01-01", "2026-01-01"), stated("A-1", "2026-01-01", "2026-11-20")}, nil, []string{"A-1 -2"}},
		"the same twice":            {[]attestations.Attestation{stated("A-1", "2025-01-01", "2026-11-25"), stated("A-1", "2025-01-01", "2026-11-25")}, nil, []string{"A-1 3"}},
		"another item's is none":    {[]attestations.Attestation{stated("A-1", "2025-01-01", "2026-11-25"), stated("A-2", "2025-01-01", "2027-11-25")}, nil, []string{"A-1 3"}},
		"another resource's, too":   {nil, []report.Waiver{waived("a", "x", "2026-11-25"), waived("a", "y", "2027-11-25")}, []string{"a 3"}},
		"a renewed waiver":          {nil, []report.Waiver{waived("a", "x", "2026-11-20"), waived("a", "x", "2027-11-25")}, []string{}},
		"a newer one of elsewhere":  {[]attestations.Attestation{stated("A-1", "2025-01-01", "2026-11-21"), elsewhere}, nil, []string{"A-1 -1"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := []string{}
			for _, e := range expiring.Of(c.stated, c.waived, "staging", now) {
				got = append(got, fmt.Sprintf("%s %d", e.Of, e.Days))
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestRemedies(t *testing.T) {
	a := stated("COMP-5", "2026-01-01", "2026-11-25")
	a.Digest = "sha256:1"
	w := waived("aws-rds-multi-az", "aws:rds/instance:Instance::it's*", "2026-11-26")
	w.Environments = []string{"staging", "test"}
	item := waived("NET-5", "*", "2026-11-27")
	got := expiring.Of([]attestations.Attestation{a}, []report.Waiver{w, item}, "staging", now)
	require.Equal(t, []readiness.Expiring{
		{
			Kind: readiness.Attested, Of: "COMP-5", By: "Ada Okafor", Expires: "2026-11-25", Days: 3,
			Remedy: "gatehouse attest COMP-5 -s staging --owner 'Ada Okafor' --statement TEXT --link URL --digest DIGEST --expires DATE",
		},
		{
			Kind: readiness.Waived, Of: "aws-rds-multi-az", Resource: "aws:rds/instance:Instance::it's*", By: "Bo", Expires: "2026-11-26", Days: 4,
			Remedy: `gatehouse waive aws-rds-multi-az --resource 'aws:rds/instance:Instance::it'\''s*' -s staging,test --reason TEXT --approver Bo --ticket KEY --expires DATE`,
		},
		{
			Kind: readiness.Waived, Of: "NET-5", Resource: "*", By: "Bo", Expires: "2026-11-27", Days: 5,
			Remedy: "gatehouse waive NET-5 --reason TEXT --approver Bo --ticket KEY --expires DATE",
		},
	}, got)
}

// A shell takes a remedy for one command, whatever the names hold.
func TestRemediesAreOneCommand(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs a POSIX shell, sh, on PATH")
	}
	rapid.Check(t, func(r *rapid.T) {
		owner := rapid.StringMatching(`[ -~\n\té]{1,20}`).Draw(r, "owner")
		a := stated("A-1", "2026-01-01", "2026-11-25")
		a.Owner = owner
		remedy := expiring.Of([]attestations.Attestation{a}, nil, "staging", now)[0].Remedy
		said, err := exec.Command(shell, "-c", `gatehouse() { printf '%s' "$6"; }; `+remedy).CombinedOutput()
		require.NoError(r, err, string(said))
		require.Equal(r, owner, string(said))
	})
}

package render_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
)

func TestGitHub(t *testing.T) {
	r := example()
	r.Findings = r.Findings[3:] // one of each kind
	require.Equal(t, `::error file=stacks/data.go,line=41,title=high%3A RDS storage is encrypted::storageEncrypted: storage is not encrypted%0Aaws:rds/instance:Instance::portal-db%0Aaws-rds-storage-encrypted%0A%0ASet storageEncrypted; an existing instance must be restored from an encrypted copy of a snapshot:%0A  rds.InstanceArgs{StorageEncrypted: pulumi.Bool(true), KmsKeyId: key.Arn}
::notice file=components/bucket/bucket.go,line=77,title=low%3A Resources carry the tags that costs are shared by::tags: the tag owner is missing%0Aaws:s3/bucketV2:BucketV2::a-bucket-with-a-name-that-is-longer-than-most-of-the-others%0Aaws-tags%0A%0ASet the tag.
::notice title=undecided%3A IAM policies name the actions that they allow::policy: the value is not known yet%0Aaws:iam/policy:Policy::backup%0Aaws-iam-no-wildcard-action%0A%0AName the actions.
::notice title=undecided%3A IAM policies name the actions that they allow::policy: the value is not known yet%0Aaws:iam/policy:Policy::keeper%0Aaws-iam-no-wildcard-action%0A%0AName the actions.
`, rendered(t, "github", r, options()))
}

func TestGitHubShowsTheWorst(t *testing.T) {
	var r report.Result
	for i := range 15 {
		for _, severity := range report.Severities {
			r.Findings = append(r.Findings, report.Finding{Rule: "a", Verdict: report.Deny, Severity: severity, Message: fmt.Sprintf("%s %02d", severity, i)})
		}
	}
	r.Finish("")
	out := rendered(t, "github", r, options())
	require.Equal(t, 10, strings.Count(out, "::error "))
	require.Equal(t, 10, strings.Count(out, "::warning "))
	require.Equal(t, 10, strings.Count(out, "::notice "))
	require.NotContains(t, out, "high 00", "critical ones come first")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Equal(t, "::notice title=Policies::31 more are not annotated: 0 rules · 60 denied (15 critical, 15 high, 15 medium, 15 low) · 0 waived · 0 undecided", lines[len(lines)-1])
}

var command = regexp.MustCompile(`^::(error|warning|notice) ((file|line|title)=[^:,\r\n]*)(,(file|line|title)=[^:,\r\n]*)*::[^\r\n]*$`)

func TestGitHubCommandsAreOneLineEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyResult(t)
		out := rendered(t, "github", r, options())
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		if out == "" {
			lines = nil
		}
		shown := 0
		for _, f := range r.Findings {
			if !f.Waived {
				shown++
			}
		}
		require.Len(t, lines, shown)
		for _, line := range lines {
			require.Regexp(t, command, line)
		}
	})
}

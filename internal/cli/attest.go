package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/checks"
	"gatehouse/checks/checklist"
	"gatehouse/report/attestations"
)

func newAttestCommand() *cobra.Command {
	var a attestations.Attestation
	cmd := &cobra.Command{
		Use:   "attest ITEM --owner NAME --statement TEXT --link URL --expires DATE",
		Short: "State that an item of the checklist holds",
		Long: `Write into attestations.yaml what only a person can say of an item of the
checklist: who says it, what, where the evidence lies, and until when it holds.
Commit the file: its history says who stated what. A failure that the checks see
live is never attested away.

An access review is of a list, which the report shows with its digest. With
--digest the statement is about that list, and no longer holds when it changes.`,
		Example: `  gatehouse attest COMP-3 -s production --owner "Ada Okafor" \
    --statement "Privacy impact assessment 2026 approved, no open action" \
    --link https://wiki.example.com/dpia-2026 --expires 2027-06-30
  gatehouse attest COMP-5 -s production --owner "Ada Okafor" \
    --statement "Reviewed with the team leads; two keys taken away" \
    --link docs/reviews/2026-11.md --expires 2027-02-28 \
    --digest "$(jq -r .access.digest readiness.json)"`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			now := time.Now()
			if err := lastDay(a.Expires, now); err != nil {
				return err
			}
			a.Item = strings.ToUpper(args[0])
			if a.On == "" {
				a.On = now.UTC().Format(time.DateOnly)
			}
			return attest(cmd, a)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&a.Owner, "owner", "", "who states it and answers for it (required)")
	flags.StringVar(&a.Statement, "statement", "", "what is stated (required)")
	flags.StringVar(&a.Link, "link", "", "where the evidence lies: a URL, or a path in the repository (required)")
	flags.StringVar(&a.Expires, "expires", "", "the last day on which it holds (required)")
	flags.StringVar(&a.Digest, "digest", "", "the digest of the list that was reviewed, as the report shows it: sha256:…")
	flags.StringVar(&a.On, "on", "", "the day of the statement (default today)")
	flags.StringSliceVarP(&a.Environments, "stack", "s", nil, "the environments that it holds for (default all)")
	for _, name := range []string{"owner", "statement", "link", "expires"} {
		_ = cmd.MarkFlagRequired(name)
	}
	return cmd
}

func attest(cmd *cobra.Command, a attestations.Attestation) error {
	root, err := projectRoot()
	if err != nil {
		return err
	}
	items, err := checks.Checklist()
	if err != nil {
		return err
	}
	chosen, err := checklist.Select(items, "all", []string{a.Item})
	if err != nil {
		return err
	}
	if chosen[0].Attestation == "" {
		return fmt.Errorf("%s is decided by live evidence alone, which nobody can attest; an exception is approved with gatehouse waive %s", a.Item, a.Item)
	}
	err = extend(root, attestations.FileName, "attestations", func(content []byte) ([]byte, error) {
		return attestations.Append(content, a)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "attested %s until %s, in %s; commit it\n", a.Item, a.Expires, attestations.FileName)
	return nil
}

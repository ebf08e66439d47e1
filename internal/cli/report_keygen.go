package cli

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/spf13/cobra"

	"gatehouse/report/bundle/kms"
	"gatehouse/report/bundle/signing"
)

// keygenFlags are the flags of gatehouse report keygen.
type keygenFlags struct {
	out, existing, algorithm string
	from, expires, keys      string
}

func newReportKeygenCommand() *cobra.Command {
	var f keygenFlags
	cmd := &cobra.Command{
		Use:   "keygen NAME (--out FILE | --key KEY)",
		Short: "Make a key that signs evidence bundles, and trust it",
		Long: `Make a private key in a new file that only you can read, and add its public half
to keys.yaml, which says who signs evidence bundles from when until when. Commit
keys.yaml; never commit the private key. With ` + signing.PassphraseVariable + ` set, the
file is encrypted.

With --key, nothing is made: the public half of a key that is there is added, such
as one of AWS KMS (spec ECC_NIST_P256, for SIGN_VERIFY).`,
		Example: `  gatehouse report keygen "Ada Okafor" --out ~/.config/gatehouse/evidence.key
  gatehouse report keygen ci --key awskms:///alias/evidence --expires 2027-06-30`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd, args[0], time.Now().UTC())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "", "the new file of the private key")
	flags.StringVar(&f.existing, "key", "", "a key that is there: its file, or awskms:///ARN, awskms:///alias/NAME")
	flags.StringVar(&f.algorithm, "algorithm", string(signing.Ed25519), "of a new key: ed25519 or ecdsa-p256")
	flags.StringVar(&f.from, "from", "", "the first day on which it signs (default today)")
	flags.StringVar(&f.expires, "expires", "", "the last day on which it signs (default a year from today)")
	flags.StringVar(&f.keys, "keys", "", "the file of trusted keys (default the project's keys.yaml)")
	cmd.MarkFlagsOneRequired("out", "key")
	cmd.MarkFlagsMutuallyExclusive("out", "key")
	cmd.MarkFlagsMutuallyExclusive("algorithm", "key")
	return cmd
}

func (f *keygenFlags) run(cmd *cobra.Command, name string, today time.Time) error {
	if f.from == "" {
		f.from = today.Format(time.DateOnly)
	}
	if f.expires == "" {
		f.expires = today.AddDate(1, 0, 0).Format(time.DateOnly)
	}
	algorithm, err := signing.ParseAlgorithm(f.algorithm)
	if err != nil {
		return fmt.Errorf("--algorithm: %w", err)
	}
	var key bundleKey
	if f.existing != "" {
		key, err = openKey(cmd.Context(), f.existing)
	} else {
		key, err = signing.Generate(f.out, algorithm, []byte(os.Getenv(signing.PassphraseVariable)))
	}
	if err != nil {
		return err
	}
	path := keysPath(f.keys)
	if err := f.trust(path, name, key); err != nil {
		if f.out != "" {
			err = errors.Join(err, os.Remove(f.out)) // it was made just now, for nothing
		}
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s signs as %q from %s until %s, in %s; commit that file\n", key.KeyID(), name, f.from, f.expires, path)
	if f.out != "" {
		fmt.Fprintf(cmd.OutOrStdout(), "the private key is %s; keep it to yourself, and never commit it\n", f.out)
	}
	return nil
}

// trust adds the public half of a key to the file of trusted ones.
func (f *keygenFlags) trust(path, name string, key bundleKey) error {
	trusted, err := signing.NewKey(name, key.Public(), f.from, f.expires)
	if err != nil {
		return fmt.Errorf("trust the key: %w", err)
	}
	return amend(path, "keys", func(content []byte) ([]byte, error) { return signing.Append(content, trusted) })
}

// bundleKey is a key that signs bundles and whose public half is known.
type bundleKey interface {
	signing.Signer
	Public() crypto.PublicKey
}

// openKey opens a key by its name: a file, or awskms:///….
func openKey(ctx context.Context, name string) (bundleKey, error) {
	if !kms.Is(name) {
		return signing.Open(name, []byte(os.Getenv(signing.PassphraseVariable)))
	}
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("open key %s: configure AWS: %w", name, err)
	}
	return kms.Open(ctx, name, loaded)
}

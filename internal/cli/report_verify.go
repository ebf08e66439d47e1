package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"gatehouse/report/bundle"
	"gatehouse/report/bundle/signing"
)

// verificationFormats are the formats of gatehouse report verify.
var verificationFormats = map[string]func(io.Writer, bundle.Verification) error{
	"json": verificationJSON,
	"text": verificationText,
}

func newReportVerifyCommand() *cobra.Command {
	var keysFile string
	var outputs []string
	cmd := &cobra.Command{
		Use:   "verify BUNDLE [--keys FILE]",
		Short: "Verify an evidence bundle: its signature and every part",
		Long: `Read an evidence bundle and say everything that is wrong with it: parts that have
changed, are missing or were added, a signature that is nobody's, a key that is
unknown, expired or revoked, evidence that the report names and the bundle does
not hold. Nothing of the bundle is written anywhere.

Get the keys from who answers for them, never from where the bundle came from.

Exits with 1 when something is wrong, and with 2 when it could not run: the file
is no bundle, or breaks off. Formats: text, json.`,
		Example: `  gatehouse report verify out/staging/evidence.tar
  gatehouse report verify evidence.tar --keys auditors-keys.yaml -o json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			formats, err := parseOutputs(outputs, []string{"json", "text"})
			if err != nil {
				return err
			}
			if err := spared(formats, args[0]); err != nil {
				return err
			}
			v, err := verifyBundle(cmd.InOrStdin(), args[0], keysFile)
			if err != nil {
				return err
			}
			for _, o := range formats {
				if err := o.write(cmd.OutOrStdout(), func(w io.Writer) error { return verificationFormats[o.format](w, v) }); err != nil {
					return err
				}
			}
			if !v.Verified {
				return errFindings
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&keysFile, "keys", "", "the public keys that are trusted (default the project's keys.yaml)")
	flags.StringArrayVarP(&outputs, "output", "o", nil, "FORMAT or FORMAT=FILE; may be repeated (default text)")
	return cmd
}

// verifyBundle verifies a file, or standard input for "-".
func verifyBundle(stdin io.Reader, name, keysFile string) (bundle.Verification, error) {
	path := keysPath(keysFile)
	keys, err := signing.Read(path)
	if err != nil {
		return bundle.Verification{}, err
	}
	if _, err := os.Stat(path); err != nil && keysFile != "" {
		return bundle.Verification{}, fmt.Errorf("read keys: %w", err)
	}
	if len(keys) == 0 {
		return bundle.Verification{}, fmt.Errorf("read keys: there are none in %s: get the public keys from who answers for them, and name the file with --keys", path)
	}
	from := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return bundle.Verification{}, fmt.Errorf("read bundle: %w", err)
		}
		defer file.Close()
		from = file
	}
	v, err := bundle.Verify(from, keys, time.Now())
	if err != nil {
		return bundle.Verification{}, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

// keysPath is where the trusted keys are: the file that is named, else the
// project's, else that of the working directory.
func keysPath(named string) string {
	if named != "" {
		return named
	}
	root, err := projectRoot()
	if err != nil {
		return signing.FileName // an auditor has no project
	}
	return filepath.Join(root, signing.FileName)
}

func verificationJSON(w io.Writer, v bundle.Verification) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// verificationText says what was verified, and then what was not.
func verificationText(w io.Writer, v bundle.Verification) error {
	var b strings.Builder
	if v.Verified {
		b.WriteString("verified: every part is as it was signed\n\n")
	} else {
		fmt.Fprintf(&b, "not verified: %s\n\n", counted(len(v.Problems), "problem"))
	}
	if p := v.Statement.Predicate; v.Statement.Type != "" {
		fmt.Fprintf(&b, "environment  %s\n", printable(p.Environment))
		fmt.Fprintf(&b, "run          %s, %s to %s\n", printable(p.Run), p.Started.UTC().Format(time.DateTime), p.Finished.UTC().Format("15:04:05 UTC"))
		fmt.Fprintf(&b, "outcome      %s: %d pass, %d fail, %d error, %d unknown, %d manual, %d not applicable\n",
			outcome(p), p.Counts.Pass, p.Counts.Fail, p.Counts.Error, p.Counts.Unknown, p.Counts.Manual, p.Counts.NotApplicable)
	}
	for _, s := range v.Signers {
		fmt.Fprintf(&b, "signed by    %s (%s)\n", printable(s.Name), s.KeyID)
	}
	if len(v.Signers) == 0 {
		b.WriteString("signed by    nobody who is trusted\n")
	}
	fmt.Fprintf(&b, "as signed    %s, among them %s as read\n", counted(v.Parts, "part"), counted(v.Evidence, "piece")+" of evidence")
	for _, p := range v.Problems {
		fmt.Fprintf(&b, "\n%s", strings.ToUpper(strings.ReplaceAll(string(p.Kind), "-", " ")))
		if p.Part != "" {
			fmt.Fprintf(&b, " %s", p.Part)
		}
		fmt.Fprintf(&b, "\n  %s\n  → %s\n", p.Message, p.Remedy)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func outcome(p bundle.Predicate) string {
	if p.Ready {
		return "ready"
	}
	return "not ready"
}

// counted is "1 part" or "9 parts".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// printable keeps a text from steering the terminal: whoever made a bundle chose
// it.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"gatehouse/checks"
	"gatehouse/policies/pack"
	"gatehouse/report/attestations"
	"gatehouse/report/bundle"
	"gatehouse/report/bundle/signing"
	"gatehouse/report/history/s3"
	"gatehouse/report/readiness"
	"gatehouse/report/render"
	"gatehouse/report/waivers"
)

// signer opens the key that signs the bundle, before anything is read, so that a
// wrong one is known at once. Without a bundle there is none.
func (f *checkFlags) signer(cmd *cobra.Command, root string) (signing.Signer, error) {
	switch {
	case f.bundle == "" && f.key == "":
		return nil, nil
	case f.bundle == "":
		return nil, errors.New("--key signs a bundle: name it with --bundle FILE")
	case f.key == "" && f.operation.sandbox:
		return sandboxKey(cmd, root)
	case f.key == "":
		return nil, errors.New("--bundle wants a key to sign with: --key FILE (gatehouse report keygen makes one) or --key awskms:///ARN")
	}
	return openKey(cmd.Context(), f.key)
}

// sandboxKey is a key for this machine's sandboxes alone, made when it is first
// needed. It proves nothing to others but that the bundle is whole.
func sandboxKey(cmd *cobra.Command, root string) (signing.Signer, error) {
	folder := filepath.Join(root, ".gatehouse", "signing")
	private := filepath.Join(folder, "sandbox.key")
	if _, err := os.Stat(private); err == nil {
		return signing.Open(private, nil)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the sandbox's key: %w", err)
	}
	key, err := signing.Generate(private, signing.Ed25519, nil)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	f := keygenFlags{from: now.Format(time.DateOnly), expires: now.AddDate(5, 0, 0).Format(time.DateOnly)}
	if err := f.trust(filepath.Join(folder, signing.FileName), "sandbox of this machine", key); err != nil {
		return nil, errors.Join(err, os.Remove(private)) // the next run makes both
	}
	return key, nil
}

// writeBundle writes the signed bundle of a run, whole or not at all.
func (f *checkFlags) writeBundle(cmd *cobra.Command, run readiness.Run, env checked, signer signing.Signer) error {
	if signer == nil {
		return nil
	}
	contents, err := contentsOf(run, env)
	if err != nil {
		return fmt.Errorf("write the bundle: %w", err)
	}
	ctx, cancel := limited(cmd.Context())
	defer cancel()
	write := func(w io.Writer) error { return bundle.Write(ctx, w, contents, signer) }
	keys := ""
	if f.operation.sandbox && f.key == "" {
		keys = " --keys " + filepath.Join(".gatehouse", "signing", signing.FileName)
	}
	name := f.bundle
	if strings.HasSuffix(name, "/") {
		name += run.ID + ".tar"
	}
	if !strings.HasPrefix(name, s3.Scheme) {
		if err := (output{"bundle", name}).write(io.Discard, write); err != nil {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "evidence    %s, signed\n            gatehouse report verify %s%s\n", name, name, keys)
		return nil
	}
	var content bytes.Buffer
	if err := write(&content); err != nil {
		return err
	}
	config, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := s3.Upload(ctx, config, name, content.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "evidence    %s, signed\n", name)
	return nil
}

// contentsOf puts together what a run was judged on and by.
func contentsOf(run readiness.Run, env checked) (bundle.Contents, error) {
	contents := bundle.Contents{Evidence: run.Evidence}
	var report bytes.Buffer
	if err := render.ReadinessJSON(&report, run, render.Options{}); err != nil {
		return contents, err
	}
	contents.Report = report.Bytes()
	var page bytes.Buffer
	if err := render.ReadinessFormats["html"](&page, run, render.Options{}); err != nil {
		return contents, err
	}
	rules, err := rulesOf(run.Environment, env)
	if err != nil {
		return contents, err
	}
	// Secrets are references in targets: {env: …} and {file: …}.
	targets, err := yaml.Marshal(env.targets)
	if err != nil {
		return contents, fmt.Errorf("write the targets: %w", err)
	}
	contents.Parts = []bundle.Part{
		{Path: "report.html", Content: page.Bytes()},
		{Path: "checklist.yaml", Content: checks.ChecklistFile()},
		{Path: "policies.tar.gz", Content: rules},
		{Path: "targets.yaml", Content: targets},
	}
	for _, name := range []string{pack.ConfigFile, waivers.FileName, attestations.FileName} {
		content, err := os.ReadFile(filepath.Join(env.folder, name))
		if errors.Is(err, fs.ErrNotExist) || env.folder == "" {
			continue
		}
		if err != nil {
			return contents, fmt.Errorf("read %s: %w", name, err)
		}
		contents.Parts = append(contents.Parts, bundle.Part{Path: name, Content: content})
	}
	return contents, nil
}

// rulesOf are the rules with the environment's parameters, as an OPA bundle.
func rulesOf(stack string, env checked) ([]byte, error) {
	p := env.project
	settings, err := p.Pack.Resolve(p.Config.Layers(stack)...)
	if err != nil {
		return nil, err
	}
	var rules bytes.Buffer
	if err := p.Pack.WriteBundle(&rules, settings); err != nil {
		return nil, err
	}
	return rules.Bytes(), nil
}

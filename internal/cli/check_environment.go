package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"gatehouse/checks/target"
	"gatehouse/internal/engine"
	"gatehouse/internal/toolbox"
	"gatehouse/policies/input"
	"gatehouse/policies/project"
	"gatehouse/report"
	"gatehouse/report/attestations"
	"gatehouse/report/readiness"
	"gatehouse/report/waivers"
	"gatehouse/sandbox"
	"gatehouse/stacks/config"
)

// checked is what is known of the environment that is checked.
type checked struct {
	// folder is the project's, "" without one.
	folder       string
	targets      target.Targets
	project      project.Project
	inventory    *readiness.Deployed
	policies     *report.Result
	noPolicies   string
	waivers      []report.Waiver
	attestations []attestations.Attestation
}

// find finds the environment's systems: those that its stack's outputs name,
// those of its sandbox, and those that a targets.yaml names, each over the one
// before.
func (f *checkFlags) find(cmd *cobra.Command) (checked, error) {
	stack := f.operation.stack
	if stack == "" && f.targets == "" {
		return checked{}, errors.New("which environment? name a stack with -s, or a file with --targets")
	}
	root, err := projectRoot()
	if err != nil && stack != "" {
		return checked{}, err
	}
	p, err := project.Load(root)
	if err != nil {
		return checked{}, err
	}
	env := checked{folder: root, project: p, waivers: p.Waivers, noPolicies: "there is no state of a stack to judge by the policies; name one with -s"}
	if env.attestations, err = readAttestations(root); err != nil {
		return checked{}, err
	}
	if err := env.known(); err != nil {
		return checked{}, err
	}
	if stack != "" {
		if err := f.deployed(cmd, root, p, &env); err != nil {
			return checked{}, err
		}
	}
	named, err := readTargets(root, f.targets)
	if err != nil {
		return checked{}, err
	}
	env.targets = named.Over(env.targets)
	return env, nil
}

// deployed adds what the state of a stack tells, and the sandbox's systems.
func (f *checkFlags) deployed(cmd *cobra.Command, root string, p project.Project, env *checked) error {
	stack := f.operation.stack
	if err := f.operation.checkConfig(root, cmd.ErrOrStderr()); err != nil {
		return err
	}
	settings, err := environmentOf(root, stack)
	if err != nil {
		return err
	}
	notice := func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) }
	o := engine.Options{Root: root, Stack: stack, Notice: notice}
	var status sandbox.Status
	if f.operation.sandbox {
		// As it is: a check that mends what it looks at would see nothing.
		if status, err = sandbox.Open(root, stack).Status(cmd.Context()); err != nil {
			return err
		}
		if status.AWS.Endpoint == "" || status.Kubernetes.Server == "" {
			return fmt.Errorf("check the sandbox of %s: it was never up; run gatehouse up -s %s --sandbox", stack, stack)
		}
		if !status.Ready() {
			fmt.Fprintf(cmd.ErrOrStderr(), "the sandbox is not whole (gatehouse sandbox status -s %s); checking what is there\n", stack)
		}
		if o.Sandbox, err = engineSandbox(status); err != nil {
			return err
		}
	}
	if o.Pulumi, err = toolbox.Ensure(cmd.Context(), root, "pulumi", notice); err != nil {
		return err
	}
	deployed, err := engine.Export(cmd.Context(), o)
	if err != nil {
		return err
	}
	account := string(settings.AccountID)
	if f.operation.sandbox {
		account = sandbox.AccountID
	}
	env.targets = target.FromOutputs(stack, string(settings.Region), account, deployed.Outputs)
	env.inventory = &deployed.Inventory
	env.targets.State = &target.State{Checkpoint: deployed.Checkpoint}
	env.targets.Artefacts = artefactsOf(stack)
	if f.operation.sandbox {
		inSandbox(&env.targets, status)
	}
	set, err := input.Pulumi(bytes.NewReader(deployed.Checkpoint), "state of "+stack)
	if err != nil {
		return err
	}
	result, err := judgeSet(cmd.Context(), p, stack, set, true)
	if err != nil {
		return err
	}
	result.Finish("")
	env.policies = &result
	return nil
}

// environmentOf reads where a stack is deployed from its configuration file.
func environmentOf(root, stack string) (config.Environment, error) {
	name := "Pulumi." + stack + ".yaml"
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		return config.Environment{}, fmt.Errorf("read the configuration: %w", err)
	}
	document, _ := config.Check(name, content)
	return document.Config.Environment, nil
}

// readTargets reads the file that was named, or targets.yaml when it is there.
func readTargets(root, name string) (target.Targets, error) {
	path := name
	if path == "" {
		path = filepath.Join(root, target.FileName)
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && name == "" {
		return target.Targets{}, nil
	}
	if err != nil {
		return target.Targets{}, fmt.Errorf("read targets: %w", err)
	}
	return target.Parse(path, content)
}

// known refuses statements about items that there are not: they would be laid
// over nothing, and nobody would notice.
func (c checked) known() error {
	name := func(file string, line int, item string) error {
		if _, err := selectItems("all", []string{item}); err != nil {
			return fmt.Errorf("%s:%d: %w", file, line, err)
		}
		return nil
	}
	var problems []error
	for _, a := range c.attestations {
		problems = append(problems, name(attestations.FileName, a.Line, a.Item))
	}
	for _, w := range c.waivers {
		if report.IsItem(w.Rule) {
			problems = append(problems, name(waivers.FileName, w.Line, w.Rule))
		}
	}
	return errors.Join(problems...)
}

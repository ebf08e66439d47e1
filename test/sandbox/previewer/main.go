// Command previewer previews an environment in a sandbox that runs, by one of the
// judges of the policies or by none, for the benchmark that compares them:
// gatehouse itself never previews without.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"gatehouse/internal/engine"
	"gatehouse/policies/project"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(ctx context.Context) error {
	o := engine.Options{Root: ".", Sandbox: &engine.Sandbox{}}
	judge := flag.String("judge", "", "here, observe, or none at all")
	for name, into := range map[string]*string{
		"stack": &o.Stack, "pulumi": &o.Pulumi, "aws": &o.Sandbox.AWSEndpoint, "kubeconfig": &o.Sandbox.Kubeconfig,
		"account": &o.Sandbox.AccountID, "generation": &o.Sandbox.Generation, "gatehouse": &o.Sandbox.Executable,
	} {
		flag.StringVar(into, name, "", "")
	}
	flag.Parse()
	var err error
	if o.Root, err = os.Getwd(); err != nil {
		return err
	}
	if *judge != "" {
		if o.Policies, err = policies(o, engine.Judge(*judge)); err != nil {
			return err
		}
	}
	if _, err := engine.Run(ctx, engine.Preview, o); err != nil || o.Policies == nil {
		return err
	}
	found, complete, err := o.Policies.Found()
	if err == nil && !complete {
		err = fmt.Errorf("the policies judged a part")
	}
	fmt.Println(len(found.Findings), "findings of", found.Summary.Resources, "resources")
	return err
}

func policies(o engine.Options, judge engine.Judge) (*engine.Policies, error) {
	p, err := project.Load(o.Root)
	if err != nil {
		return nil, err
	}
	e, err := p.Evaluator(o.Stack)
	if err != nil {
		return nil, err
	}
	if judge == engine.Here {
		go func() { _ = p.Pack.Compile() }()
	}
	analyzer, err := engine.Beside(o.Sandbox.Executable)
	return &engine.Policies{Judge: judge, Evaluator: e, Analyzer: analyzer}, err
}

// Command pulumi-analyzer-policy-gatehouse is the policy pack as Pulumi's engine
// starts it: for a folder whose PulumiPolicy.yaml says `runtime: gatehouse`, or
// named itself by --policy-pack. Everything it does lives in policies/analyzer.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"gatehouse/policies/analyzer"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := analyzer.Main(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

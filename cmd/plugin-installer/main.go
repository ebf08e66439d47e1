// Command plugin-installer runs inside the cluster to bring Backstage plugins into
// the portal and out of it. Everything it does lives in plugins/installer.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"gatehouse/plugins/installer"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := installer.Main(ctx, os.Args[1:], installer.World{Getenv: os.Getenv, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}

// Command keeper runs inside the cluster to back up the portal's data, to try
// the backups out and to recover from them. Everything it does lives in
// keeper/command.
package main

import (
	"context"
	"crypto/rand"
	"os"
	"os/signal"
	"syscall"
	"time"

	"gatehouse/keeper/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := command.Main(ctx, os.Args[1:], command.World{
		Getenv: os.Getenv, Now: time.Now, Random: rand.Reader, In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
	})
	stop()
	os.Exit(code)
}

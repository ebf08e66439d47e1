package data

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"

	"gatehouse/sandbox/process"
)

// account is the user that PostgreSQL's package makes. The server refuses to
// run as root, so that root hands it over to this one.
const account = "postgres"

// handOver gives a folder to the server's account when this program runs as
// root, and returns how commands are then run as that account: through
// setpriv(1), which replaces itself with the program, so that the process ID
// and signals stay the program's own.
func handOver(folder string) (func(process.Command) process.Command, error) {
	if os.Getuid() != 0 {
		return func(c process.Command) process.Command { return c }, nil
	}
	owner, err := user.Lookup(account)
	if err != nil {
		return nil, fmt.Errorf("run PostgreSQL as another user than root: %w: %w", ErrNotInstalled, err)
	}
	setpriv, err := exec.LookPath("setpriv")
	if err != nil {
		return nil, fmt.Errorf("run PostgreSQL as %s: %w; install util-linux", account, ErrNotInstalled)
	}
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	if err := os.Chown(folder, uid, gid); err != nil {
		return nil, fmt.Errorf("give %s to %s: %w", folder, account, err)
	}
	return func(c process.Command) process.Command {
		c.Args = append([]string{"--reuid=" + owner.Uid, "--regid=" + owner.Gid, "--clear-groups", "--", c.Path}, c.Args...)
		c.Path = setpriv
		return c
	}, nil
}

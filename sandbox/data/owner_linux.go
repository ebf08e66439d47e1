package data

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"

	"gatehouse/sandbox/process"
)

// account is the user that PostgreSQL's package makes. PostgreSQL and PgBouncer
// refuse to run as root, so that root hands them over to this one.
const account = "postgres"

// owner is who PostgreSQL and PgBouncer run as. The zero value is this user.
type owner struct {
	uid, gid int
	setpriv  string
}

// findOwner returns the account when this program runs as root, and else this
// user. Errors wrap [ErrNotInstalled].
func findOwner() (owner, error) {
	if os.Getuid() != 0 {
		return owner{}, nil
	}
	found, err := user.Lookup(account)
	if err != nil {
		return owner{}, fmt.Errorf("run PostgreSQL as another user than root: %w: %w", ErrNotInstalled, err)
	}
	setpriv, err := exec.LookPath("setpriv")
	if err != nil {
		return owner{}, fmt.Errorf("run PostgreSQL as %s: %w; install util-linux", account, ErrNotInstalled)
	}
	uid, _ := strconv.Atoi(found.Uid)
	gid, _ := strconv.Atoi(found.Gid)
	return owner{uid: uid, gid: gid, setpriv: setpriv}, nil
}

// give makes the owner own the files and folders, not what is in them.
func (o owner) give(paths ...string) error {
	if o.setpriv == "" {
		return nil
	}
	for _, path := range paths {
		if err := os.Chown(path, o.uid, o.gid); err != nil {
			return fmt.Errorf("give %s to %s: %w", path, account, err)
		}
	}
	return nil
}

// run makes a command run as the owner: through setpriv(1), which replaces
// itself with the program, so that the process ID and signals stay the
// program's own.
func (o owner) run(c process.Command, options ...string) process.Command {
	if o.setpriv == "" {
		return c
	}
	args := append([]string{"--reuid=" + strconv.Itoa(o.uid), "--regid=" + strconv.Itoa(o.gid), "--clear-groups"}, options...)
	c.Args = append(append(args, "--", c.Path), c.Args...)
	c.Path = o.setpriv
	return c
}

// runInside is like run for a program whose folder is inside one that only root
// may enter, as the sandbox's is: it keeps root's right to pass through.
func (o owner) runInside(c process.Command) process.Command {
	return o.run(c, "--inh-caps=+dac_override", "--ambient-caps=+dac_override")
}

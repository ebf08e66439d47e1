package pooler

import (
	"errors"
	"fmt"
)

// Mode is for how long a client keeps a server connection.
type Mode string

// The modes. What a client sets for its session (SET, LISTEN, advisory locks,
// temporary tables) lives on only with Session; prepared statements also with
// Transaction.
const (
	Session     Mode = "session"
	Transaction Mode = "transaction"
	Statement   Mode = "statement"
)

// Pool says how connections are shared. All numbers are those of one pod.
type Pool struct {
	// Mode is for how long a client keeps a server connection.
	Mode Mode
	// Size is the number of server connections that a login has to a database.
	Size int
	// Reserve is how many more there are for clients that have waited for
	// three seconds.
	Reserve int
	// MaxClients is the number of clients.
	MaxClients int
}

// PerLogin is the most server connections that a login has to all databases
// together. Backstage has a database a plugin, and a pool each would be more
// than PostgreSQL takes. With 2 pods and 2 logins, the default of 20 in a pool
// makes at most 240.
func (p Pool) PerLogin() int { return 3 * p.Size }

// perPlugin is the size of the pool of a plugin's database.
func (p Pool) perPlugin() int { return max(1, p.Size/4) }

func (p Pool) check() error {
	var wrong []error
	switch p.Mode {
	case Session, Transaction, Statement:
	default:
		wrong = append(wrong, fmt.Errorf("share connections by session, transaction or statement, not %q", p.Mode))
	}
	if p.Size < 1 || p.Reserve < 0 || p.MaxClients < 1 {
		wrong = append(wrong, fmt.Errorf("give pools sizes above nothing: not %d connections, %d in reserve, %d clients", p.Size, p.Reserve, p.MaxClients))
	}
	return errors.Join(wrong...)
}

package front

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/front/names"
	"gatehouse/sandbox/front/portal"
	"gatehouse/sandbox/process"
)

// The names of the portal's server and of its ports.
const (
	PortalName = "portal"
	// NamesPort is the port name of DNS.
	NamesPort = "names"
)

// User may log in to the portal.
const User = "smoke-test"

// Portal says how the process of the portal runs.
type Portal struct {
	// Dir holds its files, Log its output.
	Dir, Log string
	// Executable is gatehouse, which is run as `gatehouse sandbox portal`.
	Executable string
	// Port and Names are ports on 127.0.0.1.
	Port, Names int
	// Hosts are the names of the portal and of the API.
	Hosts []string
	// Stores are what it keeps its data in.
	Stores data.Endpoints
}

// PasswordFile holds the password of [User], TokenFile the smoke tests' token.
func (p Portal) PasswordFile() string { return filepath.Join(p.Dir, "password") }

// TokenFile holds the token of the smoke tests.
func (p Portal) TokenFile() string { return filepath.Join(p.Dir, "token") }

func (p Portal) config() portal.Config {
	c := portal.Config{
		Listen: process.Address(p.Port), Names: process.Address(p.Names), Hosts: p.Hosts, API: p.Hosts[len(p.Hosts)-1],
		User: User, PasswordFile: p.PasswordFile(), TokenFile: p.TokenFile(),
	}
	if pooler := p.Stores.PgBouncer; pooler != nil {
		c.Database = &portal.Database{
			Address: pooler.Address, Name: data.Database, User: data.PortalUser,
			PasswordFile: pooler.Users[data.PortalUser], CA: pooler.CA,
		}
	}
	if redis := p.Stores.Redis; redis != nil {
		c.Cache = &portal.Cache{
			Addresses: redis.Addresses, Primary: redis.Primary, User: data.PortalUser,
			PasswordFile: redis.Users[data.PortalUser], CA: redis.CA,
		}
		if redis.Primary != "" {
			c.Cache.Addresses = redis.Sentinels
		}
	}
	return c
}

// Secrets makes the password and the token unless they are there.
func (p Portal) Secrets() error {
	if err := makeFolder(p.Dir); err != nil {
		return err
	}
	for _, path := range []string{p.PasswordFile(), p.TokenFile()} {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			if err := os.WriteFile(path, []byte(rand.Text()), 0o600); err != nil {
				return fmt.Errorf("make a secret of the portal: %w", err)
			}
		}
	}
	return nil
}

// Server is it as a part of a sandbox.
func (p Portal) Server() data.Server {
	file := filepath.Join(p.Dir, "portal.json")
	return data.Server{
		Name: PortalName, Port: PortalName,
		Prepare: func(context.Context) error {
			if err := p.Secrets(); err != nil {
				return err
			}
			return p.config().Write(file)
		},
		Command: process.Command{
			Path: p.Executable, Args: []string{"sandbox", "portal", "--config", file}, Log: p.Log,
			Env: []string{configured(p.config())},
		},
		Healthy: func(ctx context.Context) error {
			if err := answers(ctx, p.Port, "/metrics"); err != nil {
				return err
			}
			return names.Healthy(ctx, process.Address(p.Names), p.Hosts[0])
		},
	}
}

// configured is an entry of the environment that differs when a configuration
// does: a server that runs with another is then started again.
func configured(config any) string {
	text, _ := json.Marshal(config) // of plain values: it cannot fail
	sum := sha256.Sum256(text)
	return "GATEHOUSE_CONFIGURATION=" + hex.EncodeToString(sum[:8])
}

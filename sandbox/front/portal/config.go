package portal

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/renameio/v2"
)

// Config is what the process of the portal is told, in a file. Secrets are in
// files of their own.
type Config struct {
	// Listen is where it serves, host:port.
	Listen string `json:"listen"`
	// Names is where it answers for Hosts over DNS, host:port.
	Names string   `json:"names"`
	Hosts []string `json:"hosts"`
	// API is the host name of the API.
	API string `json:"api"`
	// User may log in with the password in PasswordFile. TokenFile holds the
	// smoke tests' token.
	User         string `json:"user"`
	PasswordFile string `json:"passwordFile"`
	TokenFile    string `json:"tokenFile"`
	// Database and Cache are nil where there are none: they are disconnected.
	Database *Database `json:"database,omitempty"`
	Cache    *Cache    `json:"cache,omitempty"`
}

// Database is PostgreSQL, through its pooler.
type Database struct {
	// Address is host:port.
	Address      string `json:"address"`
	Name         string `json:"name"`
	User         string `json:"user"`
	PasswordFile string `json:"passwordFile"`
	// CA is a PEM file; the server is verified against it.
	CA string `json:"ca"`
}

// Cache is Redis, over TLS.
type Cache struct {
	// Addresses are host:port of the nodes of a cluster, or of the sentinels
	// that watch Primary.
	Addresses    []string `json:"addresses"`
	Primary      string   `json:"primary,omitempty"`
	User         string   `json:"user"`
	PasswordFile string   `json:"passwordFile"`
	CA           string   `json:"ca"`
}

// Write writes the file that [ReadConfig] reads.
func (c Config) Write(path string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err == nil {
		err = renameio.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write the portal's configuration: %w", err)
	}
	return nil
}

// ReadConfig reads what [Config.Write] wrote.
func ReadConfig(path string) (Config, error) {
	var c Config
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		return Config{}, fmt.Errorf("read the portal's configuration: %w", err)
	}
	return c, nil
}

// secret reads a file; what ends its last line is not part of the secret.
func secret(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read a secret of the portal: %w", err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

// Limits of the server itself: nginx is before it, but the port is open to
// everybody on this machine.
const (
	headerLimit = 10 * time.Second
	idleLimit   = time.Minute
	endLimit    = 2 * time.Second
)

package target

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Secret says where a secret is, never what it is. At most one place is set;
// none means that there is no secret.
type Secret struct {
	// Env is the name of an environment variable.
	Env string `yaml:"env"`
	// File is a path; a line break at its end is not part of the secret.
	File string `yaml:"file"`
}

// IsZero tells whether there is none.
func (s Secret) IsZero() bool { return s == Secret{} }

// Resolve reads the secret.
func (s Secret) Resolve(context.Context) (string, error) {
	switch {
	case s.Env != "" && s.File != "":
		return "", errors.New("read a secret: it names both a variable and a file; keep one")
	case s.Env != "":
		value, set := os.LookupEnv(s.Env)
		if !set || value == "" {
			return "", fmt.Errorf("read a secret: the variable %s is not set", s.Env)
		}
		return value, nil
	case s.File != "":
		text, err := os.ReadFile(s.File)
		if err != nil {
			return "", fmt.Errorf("read a secret: %w", err)
		}
		return strings.TrimRight(string(text), "\r\n"), nil
	default:
		return "", nil
	}
}

// String names the place.
func (s Secret) String() string {
	switch {
	case s.Env != "":
		return "$" + s.Env
	case s.File != "":
		return s.File
	default:
		return "none"
	}
}

package target

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"gopkg.in/yaml.v3"
)

// Secret says where a secret is, never what it is. At most one place is set;
// none means that there is no secret.
type Secret struct {
	// Env is the name of an environment variable.
	Env string `yaml:"env"`
	// File is a path; a line break at its end is not part of the secret.
	File string `yaml:"file"`
}

// UnmarshalYAML reads the place, strictly. A secret that was written in its stead
// is refused without being told.
func (s *Secret) UnmarshalYAML(node *yaml.Node) error {
	const want = "want {env: NAME} or {file: PATH}, never the secret itself"
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: %s", node.Line, want)
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		switch key, value := node.Content[i].Value, node.Content[i+1]; {
		case key == "env" && value.Kind == yaml.ScalarNode:
			s.Env = value.Value
		case key == "file" && value.Kind == yaml.ScalarNode:
			s.File = value.Value
		default:
			return fmt.Errorf("line %d: %s", node.Content[i].Line, want)
		}
	}
	return nil
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

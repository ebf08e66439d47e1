package config

import (
	"fmt"
	"os"
	"reflect"
	"time"

	"gopkg.in/yaml.v3"
)

// Document is a configuration with where each value came from.
type Document struct {
	// Config is the configuration; it is whole only when there were no errors.
	Config Config
	// given are the keys that were given, where their places in a file.
	given, where places
}

// Option changes how a configuration is read.
type Option func(*options)

type options struct{ now time.Time }

// At sets the day on which support dates are judged; the current time when
// absent.
func At(now time.Time) Option { return func(o *options) { o.now = now } }

func optionsOf(list []Option) options {
	o := options{now: time.Now()}
	for _, option := range list {
		option(&o)
	}
	return o
}

// Load reads and parses a stack file, Pulumi.STACK.yaml.
func Load(file string, opts ...Option) (Config, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return Config{}, fmt.Errorf("read configuration: %w", err)
	}
	return Parse(file, content, opts...)
}

// Parse parses the content of a stack file. The file's name says whose
// problems they are and, when it is Pulumi.STACK.yaml, gives the stack's
// name. The error is of type [Problems] and holds every mistake; warnings
// are left out ([Check] has them).
func Parse(file string, content []byte, opts ...Option) (Config, error) {
	document, problems := Check(file, content, opts...)
	if err := problems.err(); err != nil {
		return Config{}, err
	}
	return document.Config, nil
}

// Check parses the content of a stack file and returns what it could read,
// with every mistake and warning, sorted by line.
func Check(file string, content []byte, opts ...Option) (Document, Problems) {
	var d decoder
	sections := d.sections(content)
	where := places{}
	document := Document{given: where, where: where}
	if sections != nil {
		where[""] = at(sections)
		where.add("", sections)
		d.decode(&document.Config, sections)
		if document.Config.Sandbox != nil {
			d.addf(sandboxSection, "belongs to the sandbox, which writes it into its own copy of this file; remove it")
		}
		d.validate(document, stackName(file), optionsOf(opts).now)
	}
	return document, resolve(d.problems, file, where)
}

// decode reads the sections into the configuration.
func (d *decoder) decode(config *Config, sections *yaml.Node) {
	d.value(reflect.ValueOf(config).Elem(), sections, "", field{})
}

// resolve gives each problem its file and its place.
func resolve(found []problem, file string, where places) Problems {
	problems := make(Problems, len(found))
	for i, p := range found {
		place := p.place
		if place == (position{}) {
			place = where.nearest(p.path)
		}
		key := ""
		if p.path != "" {
			key = namespace + p.path
		}
		problems[i] = Problem{
			File: file, Line: place.line, Column: place.column, Key: key,
			Message: p.message, Suggestion: p.suggestion, Warning: p.warning,
		}
	}
	problems.sort()
	return problems
}

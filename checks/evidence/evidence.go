// Package evidence is what the readiness checks know of the live systems: one
// type a thing that can be read, the queries that name them, and the problems
// that reading can have.
//
// Reading itself lives in checks/collect, judging in checks/judge. Nothing here
// knows an SDK, so that judging can be tested with values alone. No type here
// has a field for a secret: where one decides, the type says only that it is
// set.
package evidence

import (
	"context"
	"fmt"
)

// Source is a kind of system that is read.
type Source string

// The sources.
const (
	AWS          Source = "aws"
	Kubernetes   Source = "kubernetes"
	Postgres     Source = "postgres"
	PgBouncer    Source = "pgbouncer"
	Redis        Source = "redis"
	Web          Source = "web"
	DNS          Source = "dns"
	Prometheus   Source = "prometheus"
	Alertmanager Source = "alertmanager"
	State        Source = "state"
	Artefact     Source = "artefact"
)

// Name names a query, as source.what: "aws.rds.instances".
type Name string

// Query names one thing to read and the type of what is read. Make it with
// [Define], once, beside its type.
type Query[T any] struct {
	name   Name
	source Source
	rights []string
}

// Define makes a query. Rights are what it takes to read it, in the source's
// own words: "rds:DescribeDBInstances", "list nodes", "member of pg_monitor".
func Define[T any](source Source, what string, rights ...string) Query[T] {
	return Query[T]{name: Name(string(source) + "." + what), source: source, rights: rights}
}

// Name is the query's.
func (q Query[T]) Name() Name { return q.name }

// Rights are what it takes to read it.
func (q Query[T]) Rights() []string { return q.rights }

// Reader reads one query from one live system. Make it with [Read].
type Reader struct {
	Name   Name
	Source Source
	Rights []string
	// Statement is what is asked, in the source's own language, for people:
	// "rds:DescribeDBInstances in us-west-2", "SELECT … FROM pg_stat_replication".
	Statement string
	// Read asks. It keeps to the context's deadline. It may return a value and
	// an error: then the value holds what could be read, and the error, made of
	// one or more [Problem], what could not.
	Read func(ctx context.Context) (any, error)
}

// Read makes the reader of a query.
func Read[T any](q Query[T], statement string, read func(ctx context.Context) (T, error)) Reader {
	return Reader{
		Name: q.name, Source: q.source, Rights: q.rights, Statement: statement,
		Read: func(ctx context.Context) (any, error) { return read(ctx) },
	}
}

// Fact is the answer to one query.
type Fact[T any] struct {
	Value T
	// Problems say what could not be read; with some, Value may hold a part:
	// what it shows is so, but there may be more.
	Problems []Problem
}

// Facts are the answers of one run.
type Facts map[Name]Answer

// Answer is what a reader gave.
type Answer struct {
	Value    any
	Problems []Problem
}

// Get returns the answer to a query. What nobody has read is a problem too.
func Get[T any](facts Facts, q Query[T]) Fact[T] {
	answer, asked := facts[q.name]
	if !asked {
		return Fact[T]{Problems: []Problem{{Kind: NotCollected, Message: fmt.Sprintf("%s was not read", q.name)}}}
	}
	value, ok := answer.Value.(T)
	if !ok && len(answer.Problems) == 0 {
		return Fact[T]{Problems: []Problem{{Kind: Invalid, Message: fmt.Sprintf("%s is a %T", q.name, answer.Value)}}}
	}
	return Fact[T]{Value: value, Problems: answer.Problems}
}

// Fix is a fact for tests: what a reader would have answered.
func Fix[T any](facts Facts, q Query[T], value T, problems ...Problem) {
	facts[q.name] = Answer{Value: value, Problems: problems}
}

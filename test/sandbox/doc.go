// Package sandbox is the suite that runs the built gatehouse binary as a person
// would: whole environments through the real engine into the sandbox, with
// faults on purpose. Tests of single packages live beside their code.
package sandbox

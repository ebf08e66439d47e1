// Package sandboxtest gives tests the sandbox's servers: an AWS API emulator
// and a Kubernetes control plane, on free loopback ports and with nothing of
// the user's configuration. They are the same programs that `gatehouse sandbox
// up` starts, by the same commands.
//
// Everything that is started here ends with the test binary, also when that is
// killed. A missing program fails the test: it never skips.
package sandboxtest

package infrastructure_test

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"), // the emulator, which ends with the binary
		goleak.IgnoreAnyFunction("os.(*Process).Wait"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), // the tests' own clients
		goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
	)
}

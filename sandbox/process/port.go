package process

import (
	"fmt"
	"net"
	"strconv"
)

// Loopback is the only address that a part of the sandbox listens on.
const Loopback = "127.0.0.1"

// FreePort returns a port of the loopback address that nobody listens on now.
func FreePort() (int, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(Loopback, "0"))
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// PortFree says whether the port can be listened on.
func PortFree(port int) bool {
	listener, err := net.Listen("tcp", Address(port))
	if err != nil {
		return false
	}
	_ = listener.Close()
	return true
}

// Address is the host and port of a part that listens on port.
func Address(port int) string { return net.JoinHostPort(Loopback, strconv.Itoa(port)) }

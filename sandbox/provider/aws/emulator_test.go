package aws

import (
	"os"
	"testing"

	"gatehouse/sandbox/sandboxtest"
)

func emulatorFor(t *testing.T) string {
	if e := os.Getenv("TEST_MOTO"); e != "" {
		return e
	}
	return sandboxtest.AWS(t)
}

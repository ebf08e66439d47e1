package sandbox

import (
	"os"
	"testing"

	"gatehouse/test/suite"
)

func TestMain(m *testing.M) { os.Exit(suite.Main(m)) }

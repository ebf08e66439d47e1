package run

import (
	"fmt"
	"os"
)

// StartForTest starts a program as a pod's and says its process ID.
func StartForTest(argv []string) {
	child, err := start(spawn{argv: argv, env: os.Environ()})
	if err != nil {
		panic(err)
	}
	fmt.Println(child.pid)
}

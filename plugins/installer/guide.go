package installer

import (
	"os"
	"strings"

	"gatehouse/plugins/install"
)

// guided lets `env PLUGIN_NAME=… PLUGIN_VERSION=…` be the program's arguments, as
// the deployment guide has it ("Install a Plugin"): the variables are set, and the
// CronJob's own command runs with them. kubectl itself refuses a command beside
// --from; whoever makes the Job in another way may give one.
func guided(args []string) []string {
	if len(args) == 0 || args[0] != "env" {
		return args
	}
	for _, each := range args[1:] {
		name, value, found := strings.Cut(each, "=")
		if found && (name == install.VariableName || name == install.VariableVersion) {
			_ = os.Setenv(name, value) // fails for no name of ours
		}
	}
	return []string{"maintain"}
}

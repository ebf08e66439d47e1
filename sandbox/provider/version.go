package provider

import (
	"fmt"
	"runtime/debug"
	"strings"
)

// Version is the version of the Pulumi SDK whose types a provider's stand-in
// serves ("aws", "kubernetes"), such as "4.30.0". It is read from this binary,
// so that go.mod alone says it; a binary that does not link the SDK has none.
func Version(name string) (string, error) {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, module := range info.Deps {
			if strings.HasPrefix(module.Path, "github.com/pulumi/pulumi-"+name+"/sdk/") {
				return strings.TrimPrefix(module.Version, "v"), nil
			}
		}
	}
	return "", fmt.Errorf("this binary is built without the Pulumi SDK of provider %s", name)
}

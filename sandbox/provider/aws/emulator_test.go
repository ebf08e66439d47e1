package aws

import (
	"testing"

	"gatehouse/sandbox/sandboxtest"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
)

// emulatorFor returns the emulator that the tests of this package share.
func emulatorFor(t *testing.T) string {
	t.Helper()
	return sandboxtest.AWS(t)
}

// archiveOf is an archive of one file.
func archiveOf(name, content string) *archive.Archive {
	text, err := asset.FromText(content)
	if err != nil {
		panic(err)
	}
	a, err := archive.FromAssets(map[string]any{name: text})
	if err != nil {
		panic(err)
	}
	return a
}

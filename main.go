// This is the Pulumi program of the project: what `pulumi up` runs. It deploys
// the environment that the selected stack's configuration describes.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/stacks"
)

func main() {
	pulumi.Run(stacks.Deploy)
}

package stacks

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// rootKey is the key of the project's folder in a program's context.
type rootKey struct{}

// In has a program find the project's files in a folder. The stock CLI says where
// they are; to a program that runs inside another process nobody does.
func In(root string, program pulumi.RunFunc) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error { return program(ctx.WithValue(rootKey{}, root)) }
}

// rootOf is the project's folder.
func rootOf(ctx *pulumi.Context) string {
	if root, set := ctx.Value(rootKey{}).(string); set {
		return root
	}
	return ctx.RootDirectory()
}

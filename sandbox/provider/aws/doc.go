// Package aws is the sandbox's stand-in for the Pulumi AWS provider plugin.
//
// It serves the resource types of pulumi-aws v6 to the Pulumi engine and turns them into AWS API calls
// against an emulator on this machine. It is test equipment: nothing that the product deploys depends on it,
// and it refuses every endpoint that is not loopback.
//
// What lives here: the provider (provider.go, configure.go), the way of one resource (check.go, diff.go,
// lifecycle.go, adopt.go), the mapping between Pulumi properties and AWS SDK structs (fill.go, observe.go,
// settle.go) and one table of rows for each AWS service (ec2.go, rds.go, …). To support another type, add a row.
//
// What does not live here: gRPC and its marshalling (the Pulumi SDK has that), and the emulator's process
// (package emulator).
package aws

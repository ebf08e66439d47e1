// Package config is the typed configuration of an environment: its shape, the
// strict reading of a Pulumi stack file, the rules that a whole configuration
// must keep, and the JSON Schema that editors use.
//
// A [Config] that comes out of [Load], [Parse] or [FromPulumi] is valid as a
// whole, so no layer checks it again. Every mistake is reported at once, as
// [Problems]. What is made of a configuration (resources, names) does not
// live here, and nothing here talks to AWS.
package config

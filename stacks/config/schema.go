package config

import _ "embed"

// schema.json is made from the types and their doc comments.
//
//go:generate go test -run ^TestSchemaIsCurrent$ . -update

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of a whole Pulumi stack file of
// this project, for editors. It knows keys, types, ranges and forms, as the
// strict reading does; rules that join several values are beyond it.
func Schema() []byte { return schema }

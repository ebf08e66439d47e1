package gate

import _ "embed"

// Schema is the JSON schema (2020-12) of a [Result].
//
//go:embed gate.schema.json
var Schema []byte

package prove

import _ "embed"

// Schema is the JSON schema (2020-12) of the probe's answer, [Loaded].
//
//go:embed loaded.schema.json
var Schema []byte

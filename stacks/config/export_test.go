package config

// Unreadable are the mistakes that the strict reading alone finds, without the
// rules for the whole configuration: what the JSON Schema can know.
func Unreadable(content []byte) Problems {
	var d decoder
	var config Config
	if sections := d.sections(content); sections != nil {
		d.decode(&config, sections)
		if config.Sandbox != nil {
			d.addf(sandboxSection, "belongs to the sandbox")
		}
	}
	return resolve(d.problems, "file", places{})
}

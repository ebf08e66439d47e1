package config

// readiness checks the schedule and the image of the checks that run.
func (v validator) readiness() {
	r := v.Config.Readiness
	if !v.readable("readiness.enabled") || !r.Enabled {
		return
	}
	v.schedule("readiness.schedule", r.Schedule, 7*day, "what was proved is proved anew once a week or more often")
	v.image("readiness.image", r.Image)
}

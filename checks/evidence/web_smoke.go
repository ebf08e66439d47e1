package evidence

// The readiness guide's four smoke tests, one query each.
var (
	SmokeHomepage = Define[Homepage](Web, "smoke.homepage")
	SmokeHealth   = Define[HealthDocument](Web, "smoke.health")
	SmokePlugins  = Define[PluginListing](Web, "smoke.plugins", "a token of the API")
	SmokeLogin    = Define[Login](Web, "smoke.login", "a user of the portal with a password")
)

// Homepage is the portal's first page.
type Homepage struct {
	URL         string `json:"url"`
	Status      int    `json:"status"`
	ContentType string `json:"contentType"`
	// Bytes is the body's length, as far as it was read.
	Bytes int `json:"bytes"`
	// HTML is whether the body begins as an HTML page does.
	HTML bool `json:"html"`
}

// PluginListing is the API's list of plugins, asked with a token.
type PluginListing struct {
	URL    string `json:"url"`
	Status int    `json:"status"`
	// Success is the document's key of that name.
	Success bool `json:"success"`
	// Listed is whether data.plugins is a list, Count its length.
	Listed bool `json:"listed"`
	Count  int  `json:"count"`
}

// Login is an attempt to sign in.
type Login struct {
	URL    string `json:"url"`
	Status int    `json:"status"`
	// Token is whether one was given.
	Token bool `json:"token"`
	// Accepted is the status of the plugin listing with that token, 0 without one.
	Accepted int `json:"accepted"`
	// Impostor is the status with the same user and a wrong password.
	Impostor int `json:"impostor"`
}

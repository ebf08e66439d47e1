package sandbox

import "gatehouse/sandbox/data"

// Data is how the servers of a sandbox are reached. What is not installed is
// empty; [Status.Missing] says why.
type Data struct {
	data.Endpoints
	// Web is the portal behind nginx, nil without nginx.
	Web *Web `json:"web,omitempty"`
	// DNS is host:port of the server that knows the portal's names.
	DNS string `json:"dns,omitempty"`
	// Prometheus and Alertmanager are URLs without a path.
	Prometheus   string `json:"prometheus,omitempty"`
	Alertmanager string `json:"alertmanager,omitempty"`
}

// Web is what the portal serves.
type Web struct {
	// PortalURL and APIURL are without a path, under the environment's own names.
	PortalURL string `json:"portalUrl"`
	APIURL    string `json:"apiUrl"`
	// Resolve is where those names really are over HTTPS: host → host:port.
	Resolve map[string]string `json:"resolve"`
	// Plain is host:port of the redirect from HTTP.
	Plain string `json:"plain"`
	// CA is the PEM file of the authority that signed the certificate.
	CA string `json:"ca"`
	// TokenFile holds the smoke tests' bearer token, PasswordFile the password
	// of User.
	TokenFile    string `json:"tokenFile"`
	User         string `json:"user"`
	PasswordFile string `json:"passwordFile"`
}

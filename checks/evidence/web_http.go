package evidence

// The queries of what the portal answers to anybody.
var (
	// WebReach is whether each health document's host answers at all.
	WebReach = Define[[]Reach](Web, "reach")
	// PlainAnswers are what the hosts say without TLS.
	PlainAnswers = Define[[]PlainAnswer](Web, "plain")
	// WebPages are answers of every sort with their headers.
	WebPages = Define[[]Page](Web, "pages")
	// WebHealth are the health documents.
	WebHealth = Define[[]HealthDocument](Web, "health")
	// WebTimings are how long answers take.
	WebTimings = Define[[]Timing](Web, "timings")
	// WebUnauthenticated are answers of the API to nobody in particular.
	WebUnauthenticated = Define[[]Refusal](Web, "unauthenticated")
	// WebBurst is what many requests at once come to.
	WebBurst = Define[Burst](Web, "burst")
	// WebLoginStart is where signing in begins.
	WebLoginStart = Define[LoginStart](Web, "login.start")
)

// Reach is the way to one URL.
type Reach struct {
	URL string `json:"url"`
	// Address is what was connected to: "10.0.0.1:443".
	Address string `json:"address"`
	// Status is of the answer to HEAD.
	Status int `json:"status"`
}

// PlainAnswer is what a host says to http:// requests.
type PlainAnswer struct {
	Host string `json:"host"`
	// Closed is whether connections are refused: nothing is served without TLS.
	Closed   bool   `json:"closed"`
	Status   int    `json:"status,omitempty"`
	Location string `json:"location,omitempty"`
}

// The sorts of pages.
const (
	PageOK           = "success"
	PageRedirect     = "redirect"
	PageNotFound     = "not found"
	PageUnauthorized = "refused"
)

// Page is one answer over TLS with the headers that protect a browser.
type Page struct {
	URL string `json:"url"`
	// Sort is what was asked for: one of the Page constants. Status is what came.
	Sort   string `json:"sort"`
	Status int    `json:"status"`
	// The headers of these names; "" when they are not sent.
	StrictTransportSecurity string `json:"strictTransportSecurity"`
	ContentSecurityPolicy   string `json:"contentSecurityPolicy"`
	// ReportOnly is Content-Security-Policy-Report-Only, which forbids nothing.
	ReportOnly         string `json:"contentSecurityPolicyReportOnly,omitempty"`
	FrameOptions       string `json:"xFrameOptions"`
	ContentTypeOptions string `json:"xContentTypeOptions"`
	ReferrerPolicy     string `json:"referrerPolicy"`
	Server             string `json:"server,omitempty"`
	PoweredBy          string `json:"xPoweredBy,omitempty"`
	// AllowOrigin and AllowCredentials answer a request whose Origin is
	// [ForeignOrigin].
	AllowOrigin      string   `json:"accessControlAllowOrigin,omitempty"`
	AllowCredentials string   `json:"accessControlAllowCredentials,omitempty"`
	Cookies          []Cookie `json:"cookies,omitempty"`
}

// ForeignOrigin is an origin that no portal can know.
const ForeignOrigin = "https://readiness-check.invalid"

// Cookie is one that an answer sets; never its value.
type Cookie struct {
	Name     string `json:"name"`
	Secure   bool   `json:"secure"`
	HTTPOnly bool   `json:"httpOnly"`
}

// HealthDocument is what a health endpoint says.
type HealthDocument struct {
	URL         string `json:"url"`
	Status      int    `json:"status"`
	ContentType string `json:"contentType"`
	// JSON is whether the body is a JSON object.
	JSON bool `json:"json"`
	// State is its key "status", Services its key "services".
	State    string            `json:"state,omitempty"`
	Services map[string]string `json:"services,omitempty"`
	// API is whether it is the API's document, else it is the portal's.
	API bool `json:"api"`
}

// Timing are samples of one URL, each over a connection of its own, as curl's.
type Timing struct {
	URL     string   `json:"url"`
	Samples []Sample `json:"samples"`
}

// Sample is one request, in milliseconds since its start.
type Sample struct {
	Status int `json:"status"`
	// DNS, Connect and TLS are when each was done; DNS is 0 for given addresses.
	DNS       float64 `json:"dnsMs"`
	Connect   float64 `json:"connectMs"`
	TLS       float64 `json:"tlsMs"`
	FirstByte float64 `json:"firstByteMs"`
	Total     float64 `json:"totalMs"`
}

// Refusal is an answer of the API to a request that it should refuse.
type Refusal struct {
	URL string `json:"url"`
	// With says what was sent: "no token", "a made-up token".
	With   string `json:"with"`
	Status int    `json:"status"`
}

// Burst is many requests in a short time to one harmless page.
type Burst struct {
	URL string `json:"url"`
	// Sent counts requests, Limited those answered 429, Served those below 400,
	// Other all else, Failed those without an answer.
	Sent    int `json:"sent"`
	Limited int `json:"limited"`
	Served  int `json:"served"`
	Other   int `json:"other"`
	Failed  int `json:"failed"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
}

// LoginStart is the answer that sends a user to the identity provider.
type LoginStart struct {
	URL    string `json:"url"`
	Status int    `json:"status"`
	// Scheme, Host and Path are of the Location header.
	Scheme string `json:"scheme,omitempty"`
	Host   string `json:"host,omitempty"`
	Path   string `json:"path,omitempty"`
	// What the query of the Location holds (RFC 6749, 4.1.1).
	ClientID     bool   `json:"clientId"`
	State        bool   `json:"state"`
	ResponseType string `json:"responseType,omitempty"`
	// RedirectURI is without its query; "" leaves it to the provider.
	RedirectURI string `json:"redirectUri,omitempty"`
}

package evidence

import "time"

// TLSHosts are the portal's hosts as a TLS client sees them.
var TLSHosts = Define[[]TLSHost](Web, "tls")

// TLSHost is what one host offers in TLS handshakes.
type TLSHost struct {
	Host string `json:"host"`
	// Accepted and Refused are protocol versions as Go names them: "TLS 1.2". A
	// version in neither could not be told; a problem says why.
	Accepted []string `json:"accepted"`
	Refused  []string `json:"refused"`
	// WeakCiphers are the suites of TLS 1.2 and below that the host accepts and
	// crypto/tls calls insecure: RC4, 3DES, no forward secrecy, CBC with SHA-256.
	WeakCiphers []string `json:"weakCiphers"`
	// CiphersTried is whether WeakCiphers was looked for to the end.
	CiphersTried bool `json:"ciphersTried"`
	// Chain is what the host sends, its own certificate first.
	Chain []Certificate `json:"chain"`
	// Untrusted says why the chain does not verify for the host today; "" when it
	// does.
	Untrusted string `json:"untrusted,omitempty"`
	// Stapled is whether an OCSP answer came along.
	Stapled bool `json:"stapled"`
	// ALPN is the protocol that was agreed on: h2, http/1.1 or "".
	ALPN string `json:"alpn"`
}

// Certificate is one X.509 certificate.
type Certificate struct {
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	Names     []string  `json:"names,omitempty"`
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
	// Key is RSA, ECDSA or Ed25519; Bits its size.
	Key  string `json:"key"`
	Bits int    `json:"bits"`
	// Signature is the algorithm by which the issuer signed: "SHA256-RSA".
	Signature string `json:"signature"`
	// SelfSigned is whether it is its own issuer, as roots are.
	SelfSigned bool `json:"selfSigned"`
}

package bundle

// Kind is what is wrong with a bundle.
type Kind string

// The kinds.
const (
	// Changed, Missing and Extra parts are not as the statement says.
	Changed Kind = "changed"
	Missing Kind = "missing"
	Extra   Kind = "extra"
	// BadManifest: the manifest cannot be read, or says something else than the
	// statement.
	BadManifest Kind = "manifest"
	// BadStatement: the statement cannot be read, or is no readiness run's.
	BadStatement Kind = "statement"
	// Unsigned: the statement has no signature.
	Unsigned Kind = "unsigned"
	// UnknownKey: no key that is trusted has the signature's keyid.
	UnknownKey Kind = "unknown-key"
	// BadSignature: the key that is named did not sign this statement.
	BadSignature Kind = "bad-signature"
	// ExpiredKey and EarlyKey: the run ended after the key's last day, or before
	// its first.
	ExpiredKey Kind = "expired-key"
	EarlyKey   Kind = "early-key"
	// RevokedKey: the key is trusted no more.
	RevokedKey Kind = "revoked-key"
	// Future: the statement's time has not come yet.
	Future Kind = "future"
	// BadReport: the report cannot be read, or says something else than the
	// statement.
	BadReport Kind = "report"
	// Dangling evidence is named by the report and not in the bundle, or there
	// with another SHA-256.
	Dangling Kind = "dangling-evidence"
	// Unnamed evidence is in the bundle and not named by the report.
	Unnamed Kind = "unnamed-evidence"
	// Repacked: the contents may be whole, but another program wrote the tar.
	Repacked Kind = "repacked"
)

// Kinds is every kind.
var Kinds = []Kind{
	Unsigned, UnknownKey, BadSignature, ExpiredKey, EarlyKey, RevokedKey, Future, BadStatement,
	Changed, Missing, Extra, BadManifest, BadReport, Dangling, Unnamed, Repacked,
}

// Problem is one thing that is wrong with a bundle.
type Problem struct {
	Kind Kind `json:"kind"`
	// Part is the part's path; "" for the bundle.
	Part    string `json:"part,omitempty"`
	Message string `json:"message"`
	// Remedy says what to do.
	Remedy string `json:"remedy"`
}

// remedies say what to do about each kind.
var remedies = map[Kind]string{
	Changed:      "Do not rely on this part; get the bundle again from who made it.",
	Missing:      "Get the bundle again from who made it: what is missing cannot be judged.",
	Extra:        "Do not rely on this part: who signed the bundle did not put it there.",
	BadManifest:  "Do not rely on the manifest; get the bundle again from who made it.",
	BadStatement: "Get the bundle again from who made it: without its statement nothing is proved.",
	Unsigned:     "Ask who made the bundle for one that is signed: gatehouse report keygen makes a key.",
	UnknownKey:   "If you know whose key it is, get the public key from them and add it to keys.yaml; else trust nothing in the bundle.",
	BadSignature: "Trust nothing in the bundle, and tell whose key it is: somebody may be using their name.",
	ExpiredKey:   "Ask who made the bundle to sign with a key that is still good; gatehouse report keygen makes one.",
	EarlyKey:     "Ask who made the bundle how a run is older than its key; if from in keys.yaml is wrong, put it right.",
	RevokedKey:   "Trust nothing that the key signed; ask for a new run, signed with another key.",
	Future:       "Compare the clock of this machine with that of the machine that made the bundle.",
	BadReport:    "Do not rely on the report; get the bundle again from who made it.",
	Dangling:     "Do not rely on the items that name this evidence: nobody can check them.",
	Unnamed:      "Do not rely on this part: nothing in the report was judged by it.",
	Repacked:     "Use the file that gatehouse wrote; unpacking it and packing it again loses what its bytes prove.",
}

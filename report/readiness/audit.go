package readiness

import (
	"time"

	"gatehouse/report"
)

// Version is the version of one thing: gatehouse, checklist, kubernetes, …
type Version struct {
	Name string `json:"name"`
	// Version is a version, or "sha256:…" of content that has none.
	Version string `json:"version"`
}

// Identity is who read a system, as the system knows them.
type Identity struct {
	Source string `json:"source"`
	Name   string `json:"name"`
}

// Commit is a revision of the project's repository.
type Commit struct {
	// Hash is whole, in hexadecimal.
	Hash   string    `json:"hash"`
	Author string    `json:"author"`
	At     time.Time `json:"at"`
	// Signed is whether it carries a signature (which nobody verified here).
	Signed bool `json:"signed"`
	// Dirty is whether the files differ from it.
	Dirty bool `json:"dirty,omitempty"`
}

// Policies is one run of the rules over the environment's state.
type Policies struct {
	Source   string           `json:"source"`
	Rules    []PolicyRule     `json:"rules"`
	Findings []report.Finding `json:"findings"`
	Summary  report.Summary   `json:"summary"`
}

// PolicyRule is a rule that was on.
type PolicyRule struct {
	ID         string             `json:"id"`
	Title      string             `json:"title"`
	Severity   report.Severity    `json:"severity"`
	Level      report.Level       `json:"level"`
	Frameworks []report.Framework `json:"frameworks"`
	// Matched is whether it found a resource of its types: one that did not has
	// proved nothing.
	Matched bool `json:"matched"`
}

// Deployed is what stands in the environment's state.
type Deployed struct {
	Resources []Resource `json:"resources"`
	// Simulated counts, by type, what a stand-in only pretends.
	Simulated map[string]int `json:"simulated,omitempty"`
}

// Resource is one deployed resource.
type Resource struct {
	URN  string `json:"urn"`
	Type string `json:"type"`
	Name string `json:"name"`
	// ID is the provider's, "" for a component.
	ID string `json:"id,omitempty"`
	// Layer is the layer that declares it, "" for none.
	Layer     string `json:"layer,omitempty"`
	Protected bool   `json:"protected,omitempty"`
}

// Access lists who can do what, for the access review.
type Access struct {
	Grants []Grant `json:"grants"`
	// Digest is over the grants: a review that was attested is about one digest.
	Digest string `json:"digest"`
	// Unread says what of it could not be read; the list is not whole then.
	Unread []string `json:"unread"`
}

// Grant is what one holder may do in one place.
type Grant struct {
	// System is "kubernetes" or "aws".
	System string `json:"system"`
	// Holder is who: "Group platform-admins", "ServiceAccount ns/name", a role's
	// ARN.
	Holder string `json:"holder"`
	// Through is the binding, access entry or policy that grants it.
	Through string `json:"through"`
	// Scope is where: "cluster", "namespace NAME", "account".
	Scope string `json:"scope"`
	// May says what, in short: "all verbs on all resources", "get, list pods".
	May []string `json:"may"`
	// Powerful is whether it can change or read everything of its scope, or give
	// itself more.
	Powerful bool `json:"powerful"`
	// Person is whether the holder stands for people and not for a program.
	Person bool `json:"person"`
}

// Soon is how long before its end a statement is shown as expiring.
const Soon = 14 * 24 * time.Hour

// Expiring is a waiver or an attestation that ends soon or has ended.
type Expiring struct {
	// Kind is [Waived] or [Attested].
	Kind string `json:"kind"`
	// Of is the item or rule; Resource is the waiver's pattern.
	Of       string `json:"of"`
	Resource string `json:"resource,omitempty"`
	By       string `json:"by"`
	Expires  string `json:"expires"`
	// Days are left until its last day has gone by; below 0 it has ended.
	Days int `json:"days"`
	// Remedy is the command that renews it.
	Remedy string `json:"remedy"`
}

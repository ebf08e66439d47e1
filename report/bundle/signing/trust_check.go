package signing

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"time"
)

// parse reads the public key, and says everything that is wrong with the entry.
func (k *Key) parse() []string {
	var problems []string
	for _, field := range []struct{ key, value, why string }{
		{"name", k.Name, "who signs with it?"},
		{"keyid", k.KeyID, "sha256: and the SHA-256 of the key"},
		{"algorithm", string(k.Algorithm), "ed25519 or ecdsa-p256"},
		{"publicKey", k.PublicKey, "the key in PEM"},
		{"from", k.From, "from which day on does it sign?"},
		{"expires", k.Expires, "until which day does it sign?"},
	} {
		if strings.TrimSpace(field.value) == "" {
			problems = append(problems, field.key+" is missing: "+field.why)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return append(k.parseKey(), k.checkDays()...)
}

// parseKey reads the public key, which must be what keyid and algorithm say.
func (k *Key) parseKey() []string {
	block, rest := pem.Decode([]byte(k.PublicKey))
	if block == nil || block.Type != "PUBLIC KEY" || len(bytes.TrimSpace(rest)) > 0 {
		return []string{"publicKey: want one public key in PEM (-----BEGIN PUBLIC KEY-----)"}
	}
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return []string{"publicKey: " + err.Error()}
	}
	algorithm, err := AlgorithmOf(public)
	if err != nil {
		return []string{"publicKey: " + err.Error()}
	}
	var problems []string
	if k.Algorithm != algorithm {
		problems = append(problems, fmt.Sprintf("algorithm: the key is for %s, found %q", algorithm, k.Algorithm))
	}
	id, err := KeyID(public)
	if err != nil {
		return append(problems, "publicKey: "+err.Error())
	}
	if k.KeyID != id {
		problems = append(problems, fmt.Sprintf("keyid: the key's is %s, found %q", id, k.KeyID))
	}
	if len(problems) == 0 {
		k.public = public
	}
	return problems
}

func (k *Key) checkDays() []string {
	var problems []string
	for _, field := range [][2]string{{"from", k.From}, {"expires", k.Expires}, {"revoked", k.Revoked}} {
		if field[1] == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, field[1]); err != nil {
			problems = append(problems, fmt.Sprintf("%s: want a day such as 2027-02-01, found %q", field[0], field[1]))
		}
	}
	if len(problems) == 0 && k.Expires < k.From {
		problems = append(problems, fmt.Sprintf("it expires on %s, before it signs from %s on", k.Expires, k.From))
	}
	return problems
}

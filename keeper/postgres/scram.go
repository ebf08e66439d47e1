package postgres

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// scramIterations is PostgreSQL's default (scram_iterations).
const scramIterations = 4096

// verifier is what PostgreSQL keeps of a password (RFC 5803, as PostgreSQL
// writes it). Made here, the password itself never reaches the server: not its
// log, nor pg_stat_activity, nor pg_stat_statements.
func verifier(password string, random io.Reader) (string, error) {
	// Others would have to be normalised first (SASLprep), and generated
	// passwords have none.
	if password == "" || strings.ContainsFunc(password, func(r rune) bool { return r < 0x20 || r > 0x7e }) {
		return "", fmt.Errorf("make a verifier: the password must be printable ASCII and not empty")
	}
	salt := make([]byte, 16)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("make a verifier: %w", err)
	}
	return verifierWithSalt(password, salt)
}

func verifierWithSalt(password string, salt []byte) (string, error) {
	salted, err := pbkdf2.Key(sha256.New, password, salt, scramIterations, sha256.Size)
	if err != nil {
		return "", fmt.Errorf("make a verifier: %w", err)
	}
	stored := sha256.Sum256(sign(salted, "Client Key"))
	encode := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", scramIterations, encode(salt), encode(stored[:]), encode(sign(salted, "Server Key"))), nil
}

func sign(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

package signing

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/secure-systems-lab/go-securesystemslib/encrypted"
)

// PassphraseVariable is the environment variable that commands read the
// passphrase of a key file from.
const PassphraseVariable = "GATEHOUSE_KEY_PASSPHRASE"

// The PEM types of key files. The encrypted one is cosign's: scrypt and NaCl's
// secretbox around PKCS#8.
const (
	plainType     = "PRIVATE KEY"
	encryptedType = "ENCRYPTED SIGSTORE PRIVATE KEY"
)

// encryptedTypes are those that Open reads: cosign has renamed it.
var encryptedTypes = []string{encryptedType, "ENCRYPTED COSIGN PRIVATE KEY"}

// maxKeyFile is far above any key.
const maxKeyFile = 64 << 10

// FileKey is a private key that was read from a file.
type FileKey struct {
	private crypto.Signer
	id      string
}

// newFileKey takes a private key if an algorithm is for it.
func newFileKey(private any) (FileKey, error) {
	signer, is := private.(crypto.Signer)
	if !is {
		return FileKey{}, fmt.Errorf("found %T: %w", private, errUnsupported)
	}
	if _, err := AlgorithmOf(signer.Public()); err != nil {
		return FileKey{}, err
	}
	id, err := KeyID(signer.Public())
	if err != nil {
		return FileKey{}, err
	}
	return FileKey{private: signer, id: id}, nil
}

// KeyID names the key.
func (k FileKey) KeyID() string { return k.id }

// Public is the public half.
func (k FileKey) Public() crypto.PublicKey { return k.private.Public() }

// Sign signs a message; the same one makes the same signature.
func (k FileKey) Sign(_ context.Context, message []byte) ([]byte, error) {
	var signature []byte
	var err error
	if _, is := k.private.(ed25519.PrivateKey); is {
		signature, err = k.private.Sign(nil, message, crypto.Hash(0))
	} else {
		digest := sha256.Sum256(message)
		// Without a source of randomness it is RFC 6979's.
		signature, err = k.private.Sign(nil, digest[:], crypto.SHA256)
	}
	if err != nil {
		return nil, fmt.Errorf("sign with key %s: %w", k.id, err)
	}
	return signature, nil
}

// Generate makes a key and writes it to a new file, which only its owner can
// read: PKCS#8 in PEM, encrypted when there is a passphrase. A file that is
// already there is refused. Randomness is the operating system's: the standard
// library takes no other for keys.
func Generate(path string, algorithm Algorithm, passphrase []byte) (FileKey, error) {
	var private crypto.Signer
	var err error
	switch algorithm {
	case Ed25519:
		_, private, err = ed25519.GenerateKey(nil)
	case ECDSAP256:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	default:
		_, err = ParseAlgorithm(string(algorithm))
	}
	if err != nil {
		return FileKey{}, fmt.Errorf("generate a key: %w", err)
	}
	key, err := newFileKey(private)
	if err != nil {
		return FileKey{}, fmt.Errorf("generate a key: %w", err)
	}
	text, err := marshal(private, passphrase)
	if err != nil {
		return FileKey{}, fmt.Errorf("generate a key: %w", err)
	}
	if err := writeNew(path, text); err != nil {
		return FileKey{}, fmt.Errorf("write key: %w", err)
	}
	return key, nil
}

func marshal(private crypto.Signer, passphrase []byte) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	if len(passphrase) == 0 {
		return pem.EncodeToMemory(&pem.Block{Type: plainType, Bytes: der}), nil
	}
	sealed, err := encrypted.Encrypt(der, passphrase)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: encryptedType, Bytes: sealed}), nil
}

// writeNew writes a file that must not be there yet, whole or not at all.
func writeNew(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is already there, and a key is never overwritten: name another file", path)
	}
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// Open reads a private key from a file that only its owner can read. The
// passphrase is needed when it is encrypted, and is ignored when it is not.
func Open(path string, passphrase []byte) (FileKey, error) {
	content, err := readPrivate(path)
	if err != nil {
		return FileKey{}, fmt.Errorf("open key: %w", err)
	}
	private, err := unmarshal(content, passphrase)
	if err != nil {
		return FileKey{}, fmt.Errorf("open key %s: %w", path, err)
	}
	key, err := newFileKey(private)
	if err != nil {
		return FileKey{}, fmt.Errorf("open key %s: %w", path, err)
	}
	return key, nil
}

// readPrivate reads a file that nobody but its owner can read.
func readPrivate(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	switch mode := info.Mode(); {
	case !mode.IsRegular():
		return nil, fmt.Errorf("%s is no regular file", path)
	case mode.Perm()&0o077 != 0:
		return nil, fmt.Errorf("%s can be read by others (mode %04o): run chmod 600 %s, and make a new key if anybody may have read it", path, mode.Perm(), path)
	case info.Size() > maxKeyFile:
		return nil, fmt.Errorf("%s is larger than %d KiB: is it a key?", path, maxKeyFile>>10)
	}
	return io.ReadAll(io.LimitReader(file, maxKeyFile))
}

func unmarshal(content, passphrase []byte) (any, error) {
	block, rest := pem.Decode(content)
	switch {
	case block == nil:
		return nil, errors.New("want a private key in PEM (-----BEGIN PRIVATE KEY-----)")
	case len(bytes.TrimSpace(rest)) > 0:
		return nil, errors.New("want one private key, and nothing after it")
	case block.Type == plainType:
		return x509.ParsePKCS8PrivateKey(block.Bytes)
	case slices.Contains(encryptedTypes, block.Type) && len(passphrase) == 0:
		return nil, fmt.Errorf("it is encrypted: set %s", PassphraseVariable)
	case slices.Contains(encryptedTypes, block.Type):
		der, err := encrypted.Decrypt(block.Bytes, passphrase)
		if err != nil {
			return nil, fmt.Errorf("decrypt it with the passphrase of %s: %w", PassphraseVariable, err)
		}
		return x509.ParsePKCS8PrivateKey(der)
	case block.Type == "PUBLIC KEY":
		return nil, errors.New("it is a public key: name the private one")
	default:
		return nil, fmt.Errorf("found %q: convert it with openssl pkcs8 -topk8 -nocrypt", block.Type)
	}
}

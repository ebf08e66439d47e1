// Package kms signs evidence bundles with keys that never leave AWS KMS. It is
// apart from report/bundle/signing so that only what uses it links the AWS SDK.
package kms

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	"gatehouse/report/bundle/signing"
)

// Scheme begins the names of keys of KMS: awskms:///arn:aws:kms:…,
// awskms:///alias/NAME or awskms:///KEY-ID.
const Scheme = "awskms:///"

// Is tells whether a key's name is of KMS.
func Is(ref string) bool { return strings.HasPrefix(ref, "awskms:") }

// Signer signs with a key of KMS: ECDSA on P-256 over SHA-256.
type Signer struct {
	client *kms.Client
	// key is the key's ARN: an alias may be moved to another while it is used.
	key    string
	public crypto.PublicKey
	id     string
}

// Open asks KMS for the public half of a key. The region is that of an ARN, else
// the configuration's. It needs kms:GetPublicKey, and signing needs kms:Sign.
func Open(ctx context.Context, ref string, config aws.Config) (*Signer, error) {
	name, region, err := parse(ref)
	if err != nil {
		return nil, fmt.Errorf("open key: %w", err)
	}
	if region != "" {
		config.Region = region
	}
	if config.Region == "" {
		return nil, fmt.Errorf("open key %s: no region is set: name the key by its ARN, or set AWS_REGION", ref)
	}
	client := kms.NewFromConfig(config)
	answer, err := client.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: &name})
	if err != nil {
		return nil, fmt.Errorf("open key %s: %w", ref, explain(err, "kms:GetPublicKey"))
	}
	if use := answer.KeyUsage; use != types.KeyUsageTypeSignVerify {
		return nil, fmt.Errorf("open key %s: it is for %s, and a key's use cannot be changed: make one for SIGN_VERIFY", ref, use)
	}
	public, err := x509.ParsePKIXPublicKey(answer.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("open key %s: read its public key: %w", ref, err)
	}
	// The key itself says of which spec it is.
	switch algorithm, err := signing.AlgorithmOf(public); {
	case err != nil:
		return nil, fmt.Errorf("open key %s: make one of spec ECC_NIST_P256: %w", ref, err)
	case algorithm != signing.ECDSAP256:
		return nil, fmt.Errorf("open key %s: it signs with %s: make one of spec ECC_NIST_P256", ref, algorithm)
	}
	id, err := signing.KeyID(public)
	if err != nil {
		return nil, fmt.Errorf("open key %s: %w", ref, err)
	}
	return &Signer{client: client, key: aws.ToString(answer.KeyId), public: public, id: id}, nil
}

// KeyID names the key as a key file of it would.
func (s *Signer) KeyID() string { return s.id }

// Public is the public half.
func (s *Signer) Public() crypto.PublicKey { return s.public }

// Sign has KMS sign the SHA-256 of a message. Two signatures of one message are
// not the same bytes.
func (s *Signer) Sign(ctx context.Context, message []byte) ([]byte, error) {
	digest := sha256.Sum256(message)
	answer, err := s.client.Sign(ctx, &kms.SignInput{
		KeyId: &s.key, Message: digest[:], MessageType: types.MessageTypeDigest,
		SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha256,
	})
	if err != nil {
		return nil, fmt.Errorf("sign with %s: %w", s.key, explain(err, "kms:Sign"))
	}
	if !signing.Verify(s.public, message, answer.Signature) {
		return nil, fmt.Errorf("sign with %s: the signature is not that of the public key that KMS gave", s.key)
	}
	return answer.Signature, nil
}

// parse reads a key's name, and the region that it says.
func parse(ref string) (name, region string, err error) {
	name, is := strings.CutPrefix(ref, Scheme)
	if !is || name == "" {
		return "", "", fmt.Errorf("want %sARN, %salias/NAME or %sKEY-ID, found %q", Scheme, Scheme, Scheme, ref)
	}
	if !arn.IsARN(name) {
		return name, "", nil
	}
	parsed, err := arn.Parse(name)
	if err != nil || parsed.Service != "kms" || parsed.Region == "" {
		return "", "", fmt.Errorf("%s is no ARN of a key of KMS (arn:aws:kms:REGION:ACCOUNT:key/ID)", name)
	}
	return name, parsed.Region, nil
}

// explain says what to do about what KMS answers.
func explain(err error, action string) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return fmt.Errorf("ask KMS: %w", err)
	}
	switch api.ErrorCode() {
	case "AccessDeniedException":
		return fmt.Errorf("it is denied: the key's policy or an IAM policy must allow %s: %w", action, err)
	case "NotFoundException":
		return fmt.Errorf("there is no such key in this account and region: %w", err)
	case "DisabledException", "KMSInvalidStateException":
		return fmt.Errorf("the key cannot be used now: enable it, or cancel its deletion: %w", err)
	case "InvalidKeyUsageException", "UnsupportedOperationException":
		return fmt.Errorf("it is no key that signs: make one for SIGN_VERIFY of spec ECC_NIST_P256: %w", err)
	default:
		return fmt.Errorf("ask KMS: %w", err)
	}
}

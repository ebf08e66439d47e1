package kms_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/stretchr/testify/require"

	"gatehouse/report/bundle"
	"gatehouse/report/bundle/kms"
	"gatehouse/report/bundle/signing"
	"gatehouse/report/readiness"
	"gatehouse/sandbox/sandboxtest"
)

// at is a configuration for an endpoint, in another region than the keys'.
func at(endpoint, region string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		RetryMaxAttempts: 1,
	}
}

func makeKey(t *testing.T, client *awskms.Client, spec types.KeySpec, usage types.KeyUsageType) types.KeyMetadata {
	t.Helper()
	made, err := client.CreateKey(t.Context(), &awskms.CreateKeyInput{KeySpec: spec, KeyUsage: usage})
	require.NoError(t, err)
	return *made.KeyMetadata
}

func TestAKeyOfKMSSignsABundle(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the AWS emulator, which -short leaves out")
	}
	endpoint := sandboxtest.AWS(t)
	client := awskms.NewFromConfig(at(endpoint, "eu-west-1"))
	made := makeKey(t, client, types.KeySpecEccNistP256, types.KeyUsageTypeSignVerify)
	_, err := client.CreateAlias(t.Context(), &awskms.CreateAliasInput{AliasName: aws.String("alias/evidence"), TargetKeyId: made.KeyId})
	require.NoError(t, err)
	var ids []string
	for ref, region := range map[string]string{
		kms.Scheme + *made.Arn:        "us-east-1", // the ARN's region counts
		kms.Scheme + *made.KeyId:      "eu-west-1",
		kms.Scheme + "alias/evidence": "eu-west-1",
	} {
		require.True(t, kms.Is(ref))
		key, err := kms.Open(t.Context(), ref, at(endpoint, region))
		require.NoError(t, err, ref)
		ids = append(ids, key.KeyID())
	}
	require.Equal(t, ids[0], ids[1])
	require.Equal(t, ids[0], ids[2])

	complete, digests := completed(t, endpoint)
	key, err := kms.Open(t.Context(), kms.Scheme+*made.Arn, at(complete, ""))
	require.NoError(t, err)
	trusted, err := signing.NewKey("ci", key.Public(), "2026-11-01", "2027-10-31")
	require.NoError(t, err)
	require.Equal(t, signing.ECDSAP256, trusted.Algorithm)
	started := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	report := []byte(`{"format":"` + readiness.Format + `","id":"staging-1","environment":"staging","started":"2026-11-22T10:00:00Z"}`)
	var out bytes.Buffer
	require.NoError(t, bundle.Write(t.Context(), &out, bundle.Contents{Report: report}, recording{key, digests}))
	v, err := bundle.Verify(&out, []signing.Key{trusted}, started.Add(time.Hour))
	require.NoError(t, err)
	require.Empty(t, v.Problems)
	require.Equal(t, []bundle.Signatory{{Name: "ci", KeyID: key.KeyID()}}, v.Signers)
}

func TestKeysOfKMSThatCannotSign(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the AWS emulator, which -short leaves out")
	}
	endpoint := sandboxtest.AWS(t)
	config := at(endpoint, "eu-west-1")
	client := awskms.NewFromConfig(config)
	for _, c := range []struct {
		name  string
		spec  types.KeySpec
		usage types.KeyUsageType
		want  string
	}{
		{"another curve", types.KeySpecEccNistP384, types.KeyUsageTypeSignVerify, "found ECDSA on P-384"},
		{"RSA", types.KeySpecRsa2048, types.KeyUsageTypeSignVerify, "make one of spec ECC_NIST_P256"},
		{"for encryption", types.KeySpecRsa2048, types.KeyUsageTypeEncryptDecrypt, "it is for ENCRYPT_DECRYPT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			made := makeKey(t, client, c.spec, c.usage)
			_, err := kms.Open(t.Context(), kms.Scheme+*made.Arn, config)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := kms.Open(t.Context(), kms.Scheme+"alias/absent", config)
	require.ErrorContains(t, err, "there is no such key in this account and region")
}

// completed is the emulator with what it lacks: it signs the SHA-256 of a digest
// as if that were a message. Asked to sign a digest of a message that is in
// digests, it is given the message; with a nil one it is denied.
func completed(t *testing.T, endpoint string) (string, map[[sha256.Size]byte][]byte) {
	t.Helper()
	upstream, err := url.Parse(endpoint)
	require.NoError(t, err)
	digests := map[[sha256.Size]byte][]byte{}
	proxy := httputil.NewSingleHostReverseProxy(upstream)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil && r.Header.Get("X-Amz-Target") == "TrentService.Sign" {
			var asked struct {
				KeyID            string `json:"KeyId"`
				Message          []byte
				MessageType      string
				SigningAlgorithm string
			}
			err = json.Unmarshal(body, &asked)
			if asked.MessageType != "DIGEST" || len(asked.Message) != sha256.Size || asked.SigningAlgorithm != "ECDSA_SHA_256" {
				http.Error(w, "asked for another signature", http.StatusInternalServerError)
				return
			}
			message, known := digests[[sha256.Size]byte(asked.Message)]
			if known && message == nil {
				deny(w, "AccessDeniedException")
				return
			}
			if known {
				asked.Message, asked.MessageType = message, "RAW"
				body, err = json.Marshal(asked)
			}
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, digests
}

// recording is a signer that tells the emulator which message a digest is of.
type recording struct {
	*kms.Signer
	digests map[[sha256.Size]byte][]byte
}

func (r recording) Sign(ctx context.Context, message []byte) ([]byte, error) {
	r.digests[sha256.Sum256(message)] = message
	return r.Signer.Sign(ctx, message)
}

// refuse is a KMS that answers every question with one error.
func refuse(t *testing.T, code string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { deny(w, code) }))
	t.Cleanup(server.Close)
	return server.URL
}

func deny(w http.ResponseWriter, code string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write([]byte(`{"__type":"` + code + `","message":"no"}`))
}

func TestWhatKMSRefusesIsExplained(t *testing.T) {
	for code, want := range map[string]string{
		"AccessDeniedException":         "must allow kms:GetPublicKey",
		"DisabledException":             "enable it",
		"KMSInvalidStateException":      "cancel its deletion",
		"UnsupportedOperationException": "make one for SIGN_VERIFY",
		"KMSInternalException":          "ask KMS",
	} {
		_, err := kms.Open(t.Context(), kms.Scheme+"alias/x", at(refuse(t, code), "eu-west-1"))
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "open key awskms:///alias/x")
	}
	_, err := kms.Open(t.Context(), kms.Scheme+"alias/x", at("http://127.0.0.1:1", "eu-west-1"))
	require.ErrorContains(t, err, "ask KMS")
}

func TestNamesOfKeys(t *testing.T) {
	for ref, want := range map[string]string{
		"awskms://alias/x":              "want awskms:///ARN",
		"awskms:///":                    "want awskms:///ARN",
		"awskms:///arn:aws:s3:::bucket": "no ARN of a key of KMS",
		"awskms:///alias/x":             "no region is set",
	} {
		_, err := kms.Open(t.Context(), ref, aws.Config{})
		require.ErrorContains(t, err, want, ref)
	}
	require.False(t, kms.Is("key.pem"))
}

func TestSigningThatFails(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the AWS emulator, which -short leaves out")
	}
	complete, digests := completed(t, sandboxtest.AWS(t))
	config := at(complete, "eu-west-1")
	client := awskms.NewFromConfig(config)
	made := makeKey(t, client, types.KeySpecEccNistP256, types.KeyUsageTypeSignVerify)
	key, err := kms.Open(t.Context(), kms.Scheme+*made.Arn, config)
	require.NoError(t, err)

	digests[sha256.Sum256([]byte("message"))] = []byte("another message")
	_, err = key.Sign(t.Context(), []byte("message"))
	require.ErrorContains(t, err, "the signature is not that of the public key that KMS gave")

	digests[sha256.Sum256([]byte("denied"))] = nil
	_, err = key.Sign(t.Context(), []byte("denied"))
	require.ErrorContains(t, err, "must allow kms:Sign")
	require.ErrorContains(t, err, *made.KeyId)
}

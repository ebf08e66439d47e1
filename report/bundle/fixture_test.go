package bundle_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/bundle"
	"gatehouse/report/bundle/signing"
	"gatehouse/report/readiness"
)

var (
	started = time.Date(2026, 11, 22, 10, 15, 0, 123456789, time.UTC)
	now     = started.Add(time.Hour)
)

// signer is a new key, and the same as keys.yaml lists it.
func signer(t testing.TB, algorithm signing.Algorithm, name, from, expires string) (signing.FileKey, signing.Key) {
	t.Helper()
	private, err := signing.Generate(filepath.Join(t.TempDir(), "key.pem"), algorithm, nil)
	require.NoError(t, err)
	trusted, err := signing.NewKey(name, private.Public(), from, expires)
	require.NoError(t, err)
	return private, trusted
}

func goodSigner(t testing.TB) (signing.FileKey, signing.Key) {
	return signer(t, signing.Ed25519, "ci", "2026-11-01", "2027-10-31")
}

func sum(content []byte) string {
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

// evidence is what a run has read.
func evidence() []readiness.Evidence {
	all := []readiness.Evidence{
		{ID: "aws.rds.instances", Source: "aws", Content: []byte(`{"instances":[]}`), Complete: true},
		{ID: "kubernetes.pods", Source: "kubernetes", Content: bytes.Repeat([]byte("x"), 600), Complete: true},
		{ID: "dns.caa", Source: "dns", Problems: []readiness.Problem{{Kind: "denied", Message: "no"}}},
	}
	for i, e := range all {
		if e.Content != nil {
			all[i].SHA256 = sum(e.Content)
		}
	}
	return all
}

// results is the results file of a run that began at a time.
func results(t testing.TB, at time.Time, pieces []readiness.Evidence) []byte {
	t.Helper()
	run := readiness.Run{
		Format: readiness.Format, ID: "staging-" + at.Format("20060102T150405Z"), Environment: "staging", Started: at, Seconds: 1.9,
		Versions:   []readiness.Version{{Name: "gatehouse", Version: "1.2.3"}},
		Identities: []readiness.Identity{{Source: "aws", Name: "arn:aws:iam::123456789012:role/auditor"}},
		Items:      []readiness.Item{{ID: "DB-1", Verdict: readiness.Pass, Evidence: []string{"aws.rds.instances"}}},
		Evidence:   pieces,
	}
	run.Finish(report.High)
	text, err := json.MarshalIndent(run, "", "  ")
	require.NoError(t, err)
	return text
}

func contents(t testing.TB) bundle.Contents {
	t.Helper()
	return bundle.Contents{
		Report: results(t, started, evidence()), Evidence: evidence(),
		Parts: []bundle.Part{
			{Path: "report.html", Content: []byte("<!doctype html>")},
			{Path: "policies/rules/a.rego", Content: []byte("package a")},
			{Path: "checklist.yaml", Content: []byte("items: []\n")},
			{Path: "waivers.yaml"},
		},
	}
}

func write(t testing.TB, c bundle.Contents, key signing.Signer) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, bundle.Write(t.Context(), &out, c, key))
	return out.Bytes()
}

func verify(t testing.TB, content []byte, keys ...signing.Key) bundle.Verification {
	t.Helper()
	v, err := bundle.Verify(bytes.NewReader(content), keys, now)
	require.NoError(t, err)
	require.Equal(t, len(v.Problems) == 0, v.Verified)
	return v
}

// unpack takes a bundle apart with the standard library alone.
func unpack(t testing.TB, content []byte) []bundle.Part {
	t.Helper()
	var parts []bundle.Part
	for r := tar.NewReader(bytes.NewReader(content)); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return parts
		}
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		parts = append(parts, bundle.Part{Path: head.Name, Content: text})
	}
}

// pack makes a tar with the headers of a bundle.
func pack(t testing.TB, parts []bundle.Part) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, p := range parts {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: p.Path, Size: int64(len(p.Content)), Mode: 0o644, ModTime: started.Truncate(time.Second), Format: tar.FormatUSTAR}))
		_, err := w.Write(p.Content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

// part is the content of one part.
func part(t testing.TB, content []byte, path string) []byte {
	t.Helper()
	for _, p := range unpack(t, content) {
		if p.Path == path {
			return p.Content
		}
	}
	require.Fail(t, "no part "+path)
	return nil
}

// with replaces a part, or takes it out when the content is nil.
func with(t testing.TB, content []byte, path string, replacement []byte) []byte {
	t.Helper()
	var parts []bundle.Part
	for _, p := range unpack(t, content) {
		if p.Path == path {
			p.Content = replacement
		}
		if p.Content != nil {
			parts = append(parts, p)
		}
	}
	return pack(t, parts)
}

// restate changes what a bundle states and signs it anew, with the library of
// DSSE alone.
func restate(t testing.TB, content []byte, key signing.FileKey, change func(map[string]any)) []byte {
	t.Helper()
	var envelope dsse.Envelope
	require.NoError(t, json.Unmarshal(part(t, content, bundle.StatementPath), &envelope))
	payload, err := envelope.DecodeB64Payload()
	require.NoError(t, err)
	var statement map[string]any
	require.NoError(t, json.Unmarshal(payload, &statement))
	change(statement)
	payload, err = json.Marshal(statement)
	require.NoError(t, err)
	signature, err := key.Sign(t.Context(), dsse.PAE(envelope.PayloadType, payload))
	require.NoError(t, err)
	envelope.Payload = base64.StdEncoding.EncodeToString(payload)
	envelope.Signatures = []dsse.Signature{{KeyID: key.KeyID(), Sig: base64.StdEncoding.EncodeToString(signature)}}
	text, err := json.Marshal(envelope)
	require.NoError(t, err)
	return with(t, content, bundle.StatementPath, append(text, '\n'))
}

// resign replaces parts, and states and signs what the bundle then has, as
// somebody with a key and another program could.
func resign(t testing.TB, content []byte, key signing.FileKey, replaced ...bundle.Part) []byte {
	t.Helper()
	for _, p := range replaced {
		content = with(t, content, p.Path, p.Content)
	}
	manifest := bundle.Manifest{Format: bundle.Format, Files: []bundle.File{}}
	for _, p := range unpack(t, content) {
		if p.Path != bundle.ManifestPath && p.Path != bundle.StatementPath {
			manifest.Files = append(manifest.Files, bundle.File{Path: p.Path, Size: int64(len(p.Content)), SHA256: sum(p.Content)})
		}
	}
	text, err := json.Marshal(manifest)
	require.NoError(t, err)
	content = with(t, content, bundle.ManifestPath, text)
	return restate(t, content, key, func(s map[string]any) {
		subject := []any{}
		for _, p := range unpack(t, content) {
			if p.Path != bundle.StatementPath {
				subject = append(subject, map[string]any{"name": p.Path, "digest": map[string]any{"sha256": sum(p.Content)}})
			}
		}
		s["subject"] = subject
	})
}

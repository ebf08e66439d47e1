package attestationtest

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/sigstore/sigstore-go/pkg/tlog"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
)

// entry is the transparency log's entry of an envelope as a bundle has it: the proof
// that it is in the log, and the log's promise with the time.
func (s *Sigstore) entry(leaf *x509.Certificate, envelope *dsse.Envelope, at time.Time) map[string]any {
	s.t.Helper()
	require.Len(s.t, envelope.Signatures, 1)
	signature, err := base64.StdEncoding.DecodeString(envelope.Signatures[0].Sig)
	require.NoError(s.t, err)
	made, err := s.log.GenerateTlogEntry(leaf, envelope, signature, at.Unix(), true)
	require.NoError(s.t, err)
	text, err := protojson.Marshal(made.TransparencyLogEntry())
	require.NoError(s.t, err)
	var entry map[string]any
	require.NoError(s.t, json.Unmarshal(text, &entry))

	// Their entry keeps these two to itself.
	promise, err := s.log.RekorSignPayload(tlog.RekorPayload{
		Body: entry["canonicalizedBody"], IntegratedTime: at.Unix(), LogIndex: 0, LogID: hex.EncodeToString(made.TransparencyLogEntry().GetLogId().GetKeyId()),
	})
	require.NoError(s.t, err)
	entry["kindVersion"] = map[string]any{"kind": "dsse", "version": "0.0.1"}
	entry["inclusionPromise"] = map[string]any{"signedEntryTimestamp": promise}
	return entry
}

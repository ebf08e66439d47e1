package gate_test

import (
	"errors"
	"fmt"
	"testing"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
)

// other is some other tarball's integrity.
var other = plugins.IntegrityOf([64]byte{1})

func TestExists(t *testing.T) {
	try(t, "exists", map[string]spoilt{
		"deprecated": {func(s *scene) { s.registry(func(m *npm.Manifest) { m.Deprecated = "use v2" }) }, gate.Refuse, `"use v2"`},
		"deprecated, accepted": {func(s *scene) {
			s.registry(func(m *npm.Manifest) { m.Deprecated = "use v2" })
			s.accept("exists", "deprecated")
		}, gate.AcceptedException, "until 2026-11-20: the board said so"},
		"no such package": {func(s *scene) {
			s.candidate.Manifest = gate.Missing[npm.Manifest](fmt.Errorf("read: %w", npm.ErrNotFound))
		}, gate.Refuse, "no package"},
		"no such version": {func(s *scene) {
			s.candidate.Manifest = gate.Missing[npm.Manifest](&npm.VersionNotFoundError{Ref: s.candidate.Ref, Nearest: []string{"1.2.2"}})
		}, gate.Refuse, "the nearest are 1.2.2"},
		"no such version, no exception helps": {func(s *scene) {
			s.candidate.Manifest = gate.Missing[npm.Manifest](&npm.VersionNotFoundError{Ref: s.candidate.Ref})
			s.accept("exists", "unpublished")
		}, gate.Refuse, "no version"},
		"unreachable": {func(s *scene) { s.candidate.Manifest = gate.Missing[npm.Manifest](npm.ErrUnreachable) }, gate.Unknown, "cannot be asked"},
		"unreachable, no exception helps": {func(s *scene) {
			s.candidate.Manifest = gate.Missing[npm.Manifest](npm.ErrUnreachable)
			s.accept("exists", "evidence")
		}, gate.Unknown, "cannot be asked"},
		"nobody looked":   {func(s *scene) { s.candidate.Manifest = gate.Found[npm.Manifest]{} }, gate.Unknown, "nobody looked"},
		"another version": {func(s *scene) { s.registry(func(m *npm.Manifest) { m.Ref.Version = "1.2.4" }) }, gate.Refuse, "answered with"},
	})
}

func TestIntegrity(t *testing.T) {
	try(t, "integrity", map[string]spoilt{
		"registry differs":       {func(s *scene) { s.registry(func(m *npm.Manifest) { m.Dist.Integrity = other }) }, gate.Refuse, "the registry promised"},
		"registry has none":      {func(s *scene) { s.registry(func(m *npm.Manifest) { m.Dist.Integrity = plugins.Integrity{} }) }, gate.Refuse, "no SHA-512"},
		"configuration differs":  {func(s *scene) { s.candidate.Integrity = other }, gate.Refuse, "configuration wants"},
		"configuration has none": {func(s *scene) { s.candidate.Integrity = plugins.Integrity{} }, gate.Refuse, "gives no integrity"},
		"no exception helps": {func(s *scene) {
			s.candidate.Integrity = other
			s.accept("integrity", "configured")
		}, gate.Refuse, "configuration wants"},
		"no tarball":  {func(s *scene) { s.noTarball() }, gate.Unknown, "disk"},
		"no manifest": {func(s *scene) { s.candidate.Manifest = gate.Missing[npm.Manifest](npm.ErrDenied) }, gate.Unknown, "refuses"},
	})
}

func TestManifest(t *testing.T) {
	try(t, "manifest", map[string]spoilt{
		"another name":        {func(s *scene) { s.fields["name"] = "other"; s.tarballOnly() }, gate.Refuse, "it is other@1.2.3"},
		"another version":     {func(s *scene) { s.fields["version"] = "1.2.4"; s.tarballOnly() }, gate.Refuse, "1.2.4"},
		"another licence":     {func(s *scene) { s.fields["license"] = "MIT"; s.tarballOnly() }, gate.Refuse, `"MIT" in the tarball, "Apache-2.0"`},
		"a hidden dependency": {func(s *scene) { s.fields["dependencies"] = map[string]any{"evil": "1.0.0"}; s.tarballOnly() }, gate.Refuse, "evil"},
		"another peer":        {func(s *scene) { s.registry(func(m *npm.Manifest) { m.PeerDependencies = nil }) }, gate.Refuse, "express, optional-peer"},
		"optional ones twice, as npm does": {func(s *scene) {
			s.fields["optionalDependencies"] = map[string]any{"fsevents": "^2.0.0"}
			s.pack()
			s.registry(func(m *npm.Manifest) { m.Dependencies["fsevents"] = "^2.0.0" })
		}, gate.Pass, "the same"},
		"no package.json": {func(s *scene) { s.candidate.Tarball = without(s, "package.json") }, gate.Unknown, "no package.json"},
		"no tarball":      {func(s *scene) { s.noTarball() }, gate.Unknown, "disk"},
	})
}

func TestSignature(t *testing.T) {
	unsigned := func(s *scene) { s.registry(func(m *npm.Manifest) { m.Dist.Signatures = nil }) }
	try(t, "signature", map[string]spoilt{
		"unsigned":           {unsigned, gate.Refuse, "did not sign"},
		"unsigned, accepted": {func(s *scene) { unsigned(s); s.accept("signature", "unsigned") }, gate.AcceptedException, "the board said so"},
		"unsigned, exception of another version": {func(s *scene) {
			unsigned(s)
			s.accept("signature", "unsigned")
			s.policy.Plugins[name].Accept[0].Version = "1.2.2"
		}, gate.Refuse, "did not sign"},
		"unsigned, exception ended": {func(s *scene) {
			unsigned(s)
			s.accept("signature", "unsigned")
			s.sources.Now = s.sources.Now.AddDate(0, 0, 1)
		}, gate.Refuse, "did not sign"},
		"unsigned, exception of another plugin": {func(s *scene) {
			unsigned(s)
			s.accept("signature", "unsigned")
			s.policy.Plugins = map[string]gate.Override{"other": s.policy.Plugins[name]}
		}, gate.Refuse, "did not sign"},
		"a mirror without keys": {func(s *scene) { s.sources.Keys = gate.Missing[[]npm.Key](npm.ErrNoKeys) }, gate.Refuse, "no keys"},
		"keys unreachable":      {func(s *scene) { s.sources.Keys = gate.Missing[[]npm.Key](npm.ErrUnreachable) }, gate.Unknown, "cannot be asked"},
		"keys unreachable, unsigned accepted": {func(s *scene) {
			s.sources.Keys = gate.Missing[[]npm.Key](npm.ErrUnreachable)
			s.accept("signature", "unsigned")
			s.accept("signature", "keys")
		}, gate.Unknown, "cannot be asked"},
		"an unknown key": {func(s *scene) { s.sources.Keys = gate.Have(s.keys(npmtest.NewKey(s.t))) }, gate.Refuse, "does not know the key"},
		"another key": {func(s *scene) {
			s.registry(func(m *npm.Manifest) {
				m.Dist.Signatures[0].Sig = s.signed(npmtest.NewKey(s.t), m.Dist.Integrity)[0].Sig
			})
		}, gate.Refuse, "is wrong"},
		"over other bytes": {func(s *scene) { s.registry(func(m *npm.Manifest) { m.Dist.Integrity = other }) }, gate.Refuse, "is wrong"},
		"wrong, no exception helps": {func(s *scene) {
			s.registry(func(m *npm.Manifest) { m.Dist.Integrity = other })
			s.accept("signature", "wrong")
			s.accept("signature", "unsigned")
		}, gate.Refuse, "is wrong"},
		"an expired key":      {func(s *scene) { s.sources.Keys = gate.Have(s.keys(s.key.Expired(now.AddDate(0, -2, 0)))) }, gate.Refuse, "had expired"},
		"a key expired since": {func(s *scene) { s.sources.Keys = gate.Have(s.keys(s.key.Expired(now.AddDate(0, 0, -1)))) }, gate.Pass, "signed by"},
	})
}

func TestProvenance(t *testing.T) {
	repo, builder := "https://github.com/acme/notes", "https://github.com/actions/runner/github-hosted"
	with := func(change func(*scene, *gate.Provenance)) func(*scene) {
		return func(s *scene) {
			s.policy.Provenance = gate.ProvenanceRule{Required: true, Builders: []string{builder}, Repositories: []string{repo}}
			p := gate.Provenance{
				Subjects: []string{other.Hex(), s.candidate.Integrity.Hex()}, PredicateType: gate.ProvenanceType,
				Builder: builder, Repository: repo, Signer: "acme",
			}
			change(s, &p)
			s.sources.Provenance = gate.Have(p)
		}
	}
	lacks := func(err error) func(*scene) {
		return func(s *scene) {
			s.policy.Provenance.Required = true
			s.sources.Provenance = gate.Missing[gate.Provenance](err)
		}
	}
	try(t, "provenance", map[string]spoilt{
		"good":               {with(func(*scene, *gate.Provenance) {}), gate.Pass, "built by"},
		"another tarball":    {with(func(_ *scene, p *gate.Provenance) { p.Subjects = p.Subjects[:1] }), gate.Refuse, "another tarball"},
		"about nothing":      {with(func(_ *scene, p *gate.Provenance) { p.Subjects = nil }), gate.Refuse, "another tarball"},
		"another builder":    {with(func(_ *scene, p *gate.Provenance) { p.Builder += "x" }), gate.Refuse, "built by"},
		"another repository": {with(func(_ *scene, p *gate.Provenance) { p.Repository += "-fork" }), gate.Refuse, "notes-fork"},
		"another predicate":  {with(func(_ *scene, p *gate.Provenance) { p.PredicateType = "x" }), gate.Refuse, `"x"`},
		"nobody attests":     {lacks(npm.ErrNoAttestations), gate.Refuse, "nobody attests"},
		"not verified":       {lacks(fmt.Errorf("verify: %w", gate.ErrUnverified)), gate.Refuse, "not good"},
		"cannot be seen":     {lacks(npm.ErrUnreachable), gate.Unknown, "cannot be asked"},
		"nobody verified":    {lacks(nil), gate.Unknown, "nobody looked"},
		"wanted of this only": {func(s *scene) {
			s.policy.Plugins = map[string]gate.Override{name: {Provenance: &gate.ProvenanceRule{Required: true}}}
		}, gate.Unknown, "nobody looked"},
		"not wanted of this only": {func(s *scene) {
			s.policy.Provenance.Required = true
			s.policy.Plugins = map[string]gate.Override{name: {Provenance: &gate.ProvenanceRule{}}}
		}, gate.Unknown, "nobody looked"}, // one plugin cannot do without and say no reason
		"unattested, accepted": {func(s *scene) { lacks(npm.ErrNoAttestations)(s); s.accept("provenance", "unattested") }, gate.AcceptedException, "the board"},
	})
}

var errDisk = errors.New("the disk is full")

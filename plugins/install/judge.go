package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/tarball"
	"gatehouse/plugins/trail"
)

// Sources are where what the gate judges comes from.
type Sources struct {
	Registry *npm.Client
	// Advisories knows vulnerabilities, or why nothing does.
	Advisories gate.Found[advisory.Source]
	// Provenance verifies what the registry has of attestations; nil without a
	// trusted root, and then what demands one is refused.
	Provenance func(answer []byte) (gate.Provenance, error)
	// Answers keep what the registry said; nil asks it each time.
	Answers *Answers
	Now     func() time.Time
}

// Judgement is what the gate says of one plugin, and what it said it of. Close it.
type Judgement struct {
	Result gate.Result
	// Integrity is the tarball's that was judged.
	Integrity plugins.Integrity
	// Manifest is what the registry says, or why it says nothing.
	Manifest gate.Found[npm.Manifest]
	// Unavailable is why evidence is missing that may be there later; nil when
	// nothing is missing but for good.
	Unavailable error

	tarball *npm.Tarball
}

// Close gives the tarball's space back.
func (j *Judgement) Close() error {
	if j.tarball == nil {
		return nil
	}
	return j.tarball.Close()
}

// Judge collects evidence about one plugin and has the gate judge it. A request
// without an integrity is judged by the registry's own, which only shows what the
// registry has: what is installed must be named. An error is of the request; what
// could not be collected is in the result.
func Judge(ctx context.Context, s Sources, r StageRequest) (*Judgement, error) {
	policy, err := gate.ParsePolicy(strings.NewReader(r.Policy))
	if err != nil {
		return nil, fmt.Errorf("judge %s: %w", r.Plugin.Ref, err)
	}
	j := &Judgement{Integrity: r.Plugin.Integrity}
	answer, err := s.answer(ctx, r.Plugin.Ref)
	j.Manifest = gate.Read(answer.Manifest, err)
	j.missing(err)
	if j.Integrity.IsZero() {
		j.Integrity = answer.Manifest.Dist.Integrity
	}
	candidate := gate.Candidate{
		Ref: r.Plugin.Ref, Integrity: j.Integrity, Strategy: r.Plugin.Strategy, Manifest: j.Manifest,
		Tarball: gate.Missing[tarball.Listing](errors.New("it was not fetched: nothing says what it must be")),
	}
	if !j.Integrity.IsZero() {
		candidate.Tarball = gate.Read(j.fetch(ctx, s.Registry, r.Plugin.Ref))
	}
	sources := gate.Sources{
		Now: s.Now(), Advisories: s.Advisories, Host: gate.Have(r.Host),
		Keys:       gate.Missing[[]npm.Key](errors.New("the registry was not asked")),
		Provenance: gate.Missing[gate.Provenance](errors.New("the policy does not ask for it")),
	}
	if err == nil {
		keys, err := answer.keys()
		sources.Keys = gate.Read(keys, err)
		j.missing(err)
	}
	// That nobody knows vulnerabilities may pass: their source did not answer.
	if _, err := s.Advisories.Get(); err != nil {
		j.missing(err)
	}
	if wantsProvenance(policy, r.Plugin.Name) {
		sources.Provenance = gate.Read(s.provenance(ctx, j, answer))
	}
	j.Result = gate.Check(ctx, candidate, policy, sources)
	for _, step := range j.Result.Steps {
		if step.Later {
			j.missing(fmt.Errorf("%s: %s", step.Name, step.Reason))
		}
	}
	return j, nil
}

func wantsProvenance(policy gate.Policy, name string) bool {
	own := policy.Plugins[name].Provenance
	return policy.Provenance.Required || own != nil && own.Required
}

// fetch lists the tarball and keeps it, to be unpacked.
func (j *Judgement) fetch(ctx context.Context, client *npm.Client, ref plugins.Ref) (tarball.Listing, error) {
	packed, err := client.Fetch(ctx, ref, j.Integrity)
	if err != nil {
		j.missing(err)
		return tarball.Listing{}, err
	}
	j.tarball = packed
	listing, err := tarball.List(ctx, packed, tarball.DefaultLimits())
	if _, seekErr := packed.Seek(0, io.SeekStart); err == nil {
		err = seekErr
	}
	j.missing(err)
	return listing, err
}

func (s Sources) provenance(ctx context.Context, j *Judgement, a Answer) (gate.Provenance, error) {
	if s.Provenance == nil {
		return gate.Provenance{}, errors.New("no trusted root is configured, by which an attestation could be verified")
	}
	if a.Attestations == nil {
		content, err := s.Registry.Attestations(ctx, a.Manifest)
		if err != nil {
			j.missing(err)
			return gate.Provenance{}, err
		}
		a.Attestations = content
	}
	return s.Provenance(a.Attestations)
}

// missing notes evidence that may be there later. Whatever is not the registry's
// own word is of this kind: a full disk too.
func (j *Judgement) missing(err error) {
	var version *npm.VersionNotFoundError
	var refusal *tarball.Refusal
	definite := errors.As(err, &version) || errors.As(err, &refusal)
	for _, each := range []error{npm.ErrNotFound, npm.ErrInvalid, npm.ErrTooLarge, npm.ErrIntegrity, npm.ErrNoKeys, npm.ErrNoAttestations, npm.ErrDenied} {
		definite = definite || errors.Is(err, each)
	}
	if err != nil && !definite && j.Unavailable == nil {
		j.Unavailable = err
	}
}

// refused tells whether a step has looked and found something. Evidence that is
// missing elsewhere changes nothing then.
func (j *Judgement) refused() bool {
	return slices.ContainsFunc(j.Result.Steps, func(s gate.Step) bool { return s.Verdict == gate.Refuse })
}

// record is what the audit trail keeps of a judgement.
func (j *Judgement) record() (*trail.Gate, []trail.Exception) {
	text, err := json.Marshal(j.Result)
	if err != nil {
		panic(err) // strings and a bool: it cannot fail
	}
	kept := &trail.Gate{Digest: trail.HashOf(text)}
	exceptions := []trail.Exception{}
	for _, step := range j.Result.Steps {
		kept.Steps = append(kept.Steps, trail.Step{Name: step.Name, Verdict: string(step.Verdict)})
		if step.Verdict == gate.AcceptedException {
			exceptions = append(exceptions, trail.Exception{Step: step.Name, Reason: visible(step.Reason)})
		}
	}
	return kept, exceptions
}

// refusal is why the gate did not let it in, in one sentence a step.
func (j *Judgement) refusal() string {
	var parts []string
	for _, step := range j.Result.Steps {
		if !step.Verdict.Lets() {
			parts = append(parts, fmt.Sprintf("%s: %s (%s)", step.Name, step.Reason, step.Verdict))
		}
	}
	return visible(strings.Join(parts, "; "))
}

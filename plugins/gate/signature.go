package gate

import (
	"context"
	"errors"
	"fmt"

	"gatehouse/plugins/npm"
)

var signature = step{
	name:    "signature",
	explain: "Every signature of the registry is good: it says that the registry itself listed this SHA-512 for this version.",
	check:   checkSignature,
}

func checkSignature(_ context.Context, c *Case) finding {
	const mirror = "ask a registry that signs (https://registry.npmjs.org does)"
	m, err := c.Manifest.Get()
	if err != nil {
		return lacking("the registry's signatures", err, "see the step exists")
	}
	var f finding
	signatures := m.Dist.Signatures
	if len(signatures) == 0 {
		f.refuse("unsigned", "the registry did not sign it", mirror)
		return f
	}
	keys, err := c.Keys.Get()
	switch {
	case errors.Is(err, npm.ErrNoKeys):
		f.refuse("unsigned", fmt.Sprintf("it is signed, but nothing proves by whom: %v", err), mirror)
		return f
	case err != nil:
		f.cannotTell("keys", fmt.Sprintf("cannot see the registry's keys: %v", err), "see that the registry can be reached")
		f.problems[0].final = true
		return f
	}
	err = npm.VerifySignatures(c.Ref, m.Dist.Integrity, m.Published, signatures, keys)
	switch {
	case errors.Is(err, npm.ErrExpiredKey):
		f.refuse("expired-key", err.Error(), "take a version that was signed with a key that is still good")
	case err != nil:
		f.never("wrong", err.Error(), "do not install it: what the registry lists was changed, or its keys are not its own")
	}
	for _, s := range signatures {
		f.looked = append(f.looked, "signed by "+short(s.KeyID))
	}
	return f
}

package compliance

import (
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// classified serves COMP-1: who handles data must see how sensitive it is.
var classified = judge.Checker{
	ID:       "data-classified",
	Expected: "every store and secret says how sensitive its data is",
	Needs:    needs(evidence.AWSStores.Name(), evidence.AWSSecrets.Name()),
	Judge: func(c *judge.Case) {
		classes := c.Texts("dataClasses")
		c.Expect("every store and secret has the tag %s, one of %s", evidence.ClassificationTag, enumerate(classes))
		stores, secrets := judge.Read(c, evidence.AWSStores), judge.Read(c, evidence.AWSSecrets)
		look := func(where, class string) {
			switch {
			case class == "":
				c.FailWith(where, "tag it", "has no tag %s", evidence.ClassificationTag)
			case !slices.Contains(classes, class):
				c.Fail(where, "is tagged %s, which is none of the classes", class)
			default:
				c.Saw()
			}
		}
		for _, s := range stores {
			look(s.Kind+" "+s.Name, s.Classification)
		}
		for _, s := range secrets {
			if s.Deleted.IsZero() && s.Owner == "" { // a service tags its own as it likes
				look("secret "+s.Name, s.Tags[evidence.ClassificationTag])
			}
		}
		if len(stores) == 0 {
			c.Unknown("no store of the environment was found, so nothing is known of its data")
		}
		c.Note("%d stores and %d secrets are classified", len(stores), len(secrets))
	},
}

// ownKeys serves COMP-1: only with a key of one's own can it be said, and taken
// back, who reads the data.
var ownKeys = judge.Checker{
	ID:       "data-own-keys",
	Expected: "every store is encrypted by a KMS key of the customer",
	Needs:    needs(evidence.AWSStores.Name(), evidence.AWSStoreKeys.Name()),
	Judge: func(c *judge.Case) {
		exempt := c.Texts("awsKeyAllowed")
		c.Expect("every store is encrypted, by an enabled KMS key of the customer's own; AWS's key will do for the buckets %s", enumerate(exempt))
		stores, keys := judge.Read(c, evidence.AWSStores), judge.Read(c, evidence.AWSStoreKeys)
		known := map[string]evidence.StoreKey{}
		for _, key := range keys {
			known[key.ID] = key
		}
		for _, s := range stores {
			where := s.Kind + " " + s.Name
			key, read := known[s.Key]
			switch {
			case !s.Encrypted:
				c.Fail(where, "is not encrypted")
			case slices.Contains(exempt, s.Purpose) && s.Purpose != "":
				c.Saw()
			case s.Key == "":
				c.Fail(where, "is encrypted by a key that AWS owns")
			case !read:
				c.Unknown("%s: nothing is known of its key %s", where, s.Key)
			case key.Manager != "CUSTOMER":
				c.Fail(where, "is encrypted by a key that AWS manages, %s", s.Key)
			case key.State != "Enabled":
				c.Fail(where, "its key %s is %s: the data cannot be read", s.Key, key.State)
			default:
				c.Saw()
			}
		}
		c.Note("%d stores are encrypted by keys of the environment", len(stores))
	},
}

// keysRotate serves COMP-1 and AUTH-5.
var keysRotate = judge.Checker{
	ID:       "keys-rotate",
	Expected: "every KMS key of the stores, secrets and log groups is enabled and renews its material by itself",
	Needs:    needs(evidence.AWSStoreKeys.Name()),
	Judge: func(c *judge.Case) {
		keys := judge.Read(c, evidence.AWSStoreKeys)
		for _, key := range keys {
			where := "key " + key.ID
			switch {
			case key.State != "Enabled":
				c.Fail(where, "is %s", key.State)
			case key.Rotates:
				c.Saw()
			case !key.Rotatable:
				c.Fail(where, "cannot rotate by itself: it is asymmetric or its material is imported")
			default:
				c.FailWith(where, "aws kms enable-key-rotation --key-id "+key.ID, "does not rotate")
			}
		}
		c.Note("%d keys rotate", len(keys))
	},
}

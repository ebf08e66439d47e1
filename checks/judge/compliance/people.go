package compliance

import (
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// rootUser is root's row in the credential report.
const rootUser = "<root_account>"

// root serves COMP-5: root passes every policy by.
var root = judge.Checker{
	ID:       "root-locked",
	Expected: "root has no access keys, and a second factor",
	Needs:    needs(evidence.AWSAccount.Name()),
	Judge: func(c *judge.Case) {
		account, read := judge.Whole(c, evidence.AWSAccount)
		if !read {
			return
		}
		c.Require(!account.RootKeys, "root", "has access keys")
		c.Require(account.RootMFA, "root", "has no second factor (MFA)")
		c.Note("root has no access keys, and a second factor")
	},
}

// signIn serves COMP-5 and NET-5.
var signIn = judge.Checker{
	ID:       "users-second-factor",
	Expected: "every IAM user who can sign in has a second factor (MFA)",
	Needs:    needs(evidence.AWSCredentials.Name()),
	Judge: func(c *judge.Case) {
		c.Expect("every IAM user who can sign in has a second factor (MFA), and signed in within %d days", days(c.Duration("credentialUnusedAge")))
		report := judge.Read(c, evidence.AWSCredentials)
		people := 0
		for _, u := range report.Users {
			if !u.Password || u.User == rootUser {
				c.Saw() // root is another checker's
				continue
			}
			people++
			used := u.SignedIn
			if used.IsZero() {
				used = u.Created
			}
			switch {
			case !u.MFA:
				c.FailWith("user "+u.User, "give them a device, or better single sign-on", "can sign in to the console without a second factor")
			case c.Now.Sub(used) > c.Duration("credentialUnusedAge"):
				c.FailWith("user "+u.User, "take the password away", "can sign in and has not since %s", used.UTC().Format(time.DateOnly))
			default:
				c.Saw()
			}
		}
		c.Note("%d IAM users can sign in, all with a second factor", people)
	},
}

// accessKeys serves COMP-5 and CICD-5: a key that lives long leaks in the end.
var accessKeys = judge.Checker{
	ID:       "access-keys-fresh",
	Expected: "no access key is old or unused",
	Needs:    needs(evidence.AWSCredentials.Name()),
	Judge: func(c *judge.Case) {
		age, unused := c.Duration("accessKeyAge"), c.Duration("credentialUnusedAge")
		c.Expect("every active access key was made in the last %d days and used in the last %d", days(age), days(unused))
		keys := 0
		for _, u := range judge.Read(c, evidence.AWSCredentials).Users {
			c.Saw()
			for _, key := range u.Keys {
				keys++
				used := key.Used
				if used.IsZero() {
					used = key.Rotated // a new key has its time
				}
				switch {
				case key.Rotated.IsZero():
					c.Unknown("user %s: the report does not say how old an access key is", u.User)
				case c.Now.Sub(key.Rotated) > age:
					c.FailWith("user "+u.User, "replace it, or better use a role", "has an access key of %s", key.Rotated.UTC().Format(time.DateOnly))
				case c.Now.Sub(used) > unused:
					c.FailWith("user "+u.User, "deactivate it", "has an access key that was not used since %s", used.UTC().Format(time.DateOnly))
				default:
					c.Saw()
				}
			}
		}
		c.Note("%d access keys are active, none old or unused", keys)
	},
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

// passwords serves COMP-5 and SEC-3. Where nobody has a password, there is
// nothing to ask of one.
var passwords = judge.Checker{
	ID:       "password-policy",
	Expected: "IAM asks for strong passwords",
	Needs:    needs(evidence.AWSPasswords.Name(), evidence.AWSCredentials.Name()),
	Judge: func(c *judge.Case) {
		length, reuse := c.Int("passwordLength"), c.Int("passwordReuse")
		c.Expect("IAM asks for passwords of %d characters or more that differ from the last %d", length, reuse)
		policy, read := judge.Whole(c, evidence.AWSPasswords)
		if !read {
			return
		}
		people := 0
		for _, u := range judge.Read(c, evidence.AWSCredentials).Users {
			if u.Password && u.User != rootUser {
				people++
			}
		}
		if people == 0 && !policy.Set {
			c.NotApplicable("no IAM user has a password")
			return
		}
		const where = "password policy"
		c.Require(policy.Set, where, "is not set, and %d users have a password", people)
		if !policy.Set {
			return
		}
		c.Require(int(policy.MinimumLength) >= length, where, "takes %d characters", policy.MinimumLength)
		c.Require(int(policy.Reuse) >= reuse, where, "forbids the last %d passwords only", policy.Reuse)
		c.Note("%d characters, none of the last %d", policy.MinimumLength, policy.Reuse)
	},
}

package config

import "regexp"

// defaultRotationDays is the default in the tag of Secret.RotationDays: given
// or not, it says nothing about a secret that nobody rotates.
const defaultRotationDays = 30

// maxAlerts is how many notices AWS Budgets takes in one request.
const maxAlerts = 10

var (
	secretNamePattern = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
	// Source: AWS Secrets Manager, CreateSecret: a name that ends like a
	// suffix of theirs makes look-ups by partial ARN unreliable.
	suffixPattern = regexp.MustCompile(`-[a-z0-9]{6}$`)
)

// foundation checks the budget and the secrets.
func (v validator) foundation() {
	v.budget()
	for _, name := range v.Config.Foundation.SecretNames() {
		v.secretEntry(join("foundation.secrets", name), name, v.Config.Foundation.Secrets[name])
	}
}

// budget checks that the environment that owns the account's services, and
// no other, has a budget.
func (v validator) budget() {
	const path = "foundation.budget"
	budget := v.Config.Foundation.Budget
	if v.readable("environment.accountServices", path) {
		switch owner := v.Config.Environment.AccountServices; {
		case owner && budget == nil:
			v.refuse(path, "is missing; the environment with accountServices: true%s watches the account's costs: give monthlyUsd", v.line("environment.accountServices"))
		case !owner && budget != nil:
			v.refuse(path, "belongs to the environment with accountServices: true; remove it, or set accountServices: true%s", v.line("environment.accountServices"))
		}
	}
	if budget == nil || !v.readable(path+".alertPercents") {
		return
	}
	v.alerts(path+".alertPercents", budget.AlertPercents)
}

func (v validator) alerts(path string, percents []int) {
	if len(percents) == 0 || len(percents) > maxAlerts {
		v.refuse(path, "has %d notices; a budget has 1 to %d", len(percents), maxAlerts)
	}
	for i, percent := range percents {
		switch {
		case percent < 1 || percent > 1000:
			v.refuse(item(path, i), "%d is out of range; it must be 1 to 1000 percent", percent)
		case i > 0 && percent <= percents[i-1]:
			v.refuse(item(path, i), "%d comes after %d; list each percentage once, in rising order", percent, percents[i-1])
		}
	}
}

func (v validator) secretEntry(path, name string, secret Secret) {
	switch {
	case !secretNamePattern.MatchString(name):
		v.refuse(path, "%s cannot be a secret's name; use 1 to 63 of a-z, 0-9 and -, from a letter to a letter or digit", quote(name))
	case suffixPattern.MatchString(name):
		v.refuse(path, "the name ends with - and six characters, like the suffixes of Secrets Manager; choose another")
	}
	if v.readable(path+".description") && len(secret.Description) > 2048 {
		v.refuse(path+".description", "has %d characters; AWS allows 2048", len(secret.Description))
	}
	if !v.readable(path + ".rotation") {
		return
	}
	if name == RedisLogin && (secret.Rotation != RotationManual || secret.InitialValue != nil) {
		v.refuse(path, "the cache and this entry get one password at the first up; set rotation: manual and no initialValue")
		return
	}
	if secret.Rotation == RotationManual && secret.RotationDays != defaultRotationDays && v.readable(path+".rotationDays") {
		v.refuse(path+".rotationDays", "has no effect with rotation: manual; remove it, or set rotation: generated")
	}
	if secret.InitialValue != nil && secret.Rotation != RotationManual {
		v.refuse(path+".initialValue", "only a secret with rotation: manual begins with a value; this one is %s", secret.Rotation)
	}
}

package config

// Scalars with a closed list of values, of what runs in the cluster.
type (
	// Issuer is who signs the certificates of the ingress.
	Issuer string
	// SecretStore is where External Secrets reads from.
	SecretStore string
	// LogOutput is where Fluent Bit sends logs.
	LogOutput string
	// Strategy is how a new version of the portal replaces the old one.
	Strategy string
	// Colour is one of the two sets of pods of a blue-green deployment.
	Colour string
	// PoolMode is how long a client keeps a server connection of PgBouncer.
	PoolMode string
	// InstallMode is how plugins come into Backstage.
	InstallMode string
)

// The values that layers branch on.
const (
	// LetsEncrypt is the production service of Let's Encrypt.
	LetsEncrypt Issuer = "letsencrypt"
	// LetsEncryptStaging is the trial service, whose certificates no client
	// trusts, CloudFront included.
	LetsEncryptStaging Issuer = "letsencrypt-staging"

	StoreSecretsManager SecretStore = "secretsManager"
	StoreVault          SecretStore = "vault"

	LogsToCloudWatch LogOutput = "cloudwatch"
	LogsToLoki       LogOutput = "loki"

	Rolling   Strategy = "rolling"
	BlueGreen Strategy = "blueGreen"

	Blue  Colour = "blue"
	Green Colour = "green"

	// PoolTransaction gives a server connection for a transaction, PoolSession
	// for as long as the client stays connected.
	PoolTransaction PoolMode = "transaction"
	PoolSession     PoolMode = "session"

	// InstallDynamic loads plugins from the shared volume, InstallRebuild has
	// a pipeline build them into the image (deployment guide, Implementation
	// Options for EKS).
	InstallDynamic InstallMode = "dynamic"
	InstallRebuild InstallMode = "rebuild"
)

func (*Issuer) form() form {
	return form{what: "an issuer of certificates", example: "letsencrypt", choices: []string{"letsencrypt", "letsencrypt-staging"}}
}

// UnmarshalText accepts letsencrypt and letsencrypt-staging.
func (i *Issuer) UnmarshalText(text []byte) error { return parseText(i, i.form(), text) }

func (*SecretStore) form() form {
	return form{what: "a secret store", example: "secretsManager", choices: []string{"secretsManager", "vault"}}
}

// UnmarshalText accepts secretsManager and vault.
func (s *SecretStore) UnmarshalText(text []byte) error { return parseText(s, s.form(), text) }

func (*LogOutput) form() form {
	return form{what: "an output of logs", example: "cloudwatch", choices: []string{"cloudwatch", "loki"}}
}

// UnmarshalText accepts cloudwatch and loki.
func (o *LogOutput) UnmarshalText(text []byte) error { return parseText(o, o.form(), text) }

func (*Strategy) form() form {
	return form{what: "a deployment strategy", example: "rolling", choices: []string{"rolling", "blueGreen"}}
}

// UnmarshalText accepts rolling and blueGreen.
func (s *Strategy) UnmarshalText(text []byte) error { return parseText(s, s.form(), text) }

func (*Colour) form() form {
	return form{what: "a colour", example: "blue", choices: []string{"blue", "green"}}
}

// UnmarshalText accepts blue and green.
func (c *Colour) UnmarshalText(text []byte) error { return parseText(c, c.form(), text) }

func (*PoolMode) form() form {
	return form{what: "a pool mode", example: "transaction", choices: []string{"transaction", "session"}}
}

// UnmarshalText accepts transaction and session.
func (m *PoolMode) UnmarshalText(text []byte) error { return parseText(m, m.form(), text) }

func (*InstallMode) form() form {
	return form{what: "an install mode", example: "dynamic", choices: []string{"dynamic", "rebuild"}}
}

// UnmarshalText accepts dynamic and rebuild.
func (m *InstallMode) UnmarshalText(text []byte) error { return parseText(m, m.form(), text) }

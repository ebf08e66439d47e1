package aws

import "gatehouse/checks/evidence"

// data is what several readers need: the stores, the secrets and the log
// groups, whose keys are then looked at.
type data struct {
	*Collector
	stores  *shared[[]evidence.Store]
	secrets *shared[[]evidence.SecretEntry]
	groups  *shared[[]evidence.LogGroup]
}

// readersOfCompliance reads what records, protects and retains, and who has
// access.
func readersOfCompliance(c *Collector) []evidence.Reader {
	d := data{c, newShared[[]evidence.Store](), newShared[[]evidence.SecretEntry](), newShared[[]evidence.LogGroup]()}
	detectors := newShared[[]string]()
	return []evidence.Reader{
		readerOfTrails(c), readerOfDetectors(c, detectors), readerOfFindings(c, detectors),
		readerOfSecrets(d), readerOfLogGroups(d), readerOfStores(d), readerOfStoreKeys(d),
		readerOfAccount(c), readerOfPasswords(c), readerOfCredentials(c), readerOfAccess(c),
	}
}

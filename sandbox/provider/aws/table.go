package aws

import "slices"

// services are the tables of rows, one a service.
func services() [][]Resource {
	return [][]Resource{
		vpcRows(), routeRows(), securityRows(), aclRows(), computeRows(), vpnRows(),
		kmsRows(), s3Rows(), rdsRows(), elasticacheRows(), efsRows(),
		iamRows(), eksRows(), secretsRows(), ecrRows(),
		logsRows(), snsRows(), lambdaRows(), auditRows(), backupRows(),
		certificateRows(), route53Rows(), wafRows(), cloudfrontRows(),
	}
}

// table returns all rows by token. It is built on demand: there is no package state.
func table() map[string]*Resource {
	out := map[string]*Resource{}
	for _, rows := range services() {
		for i := range rows {
			out[rows[i].Token] = &rows[i]
		}
	}
	return out
}

// Tokens returns all types that the stand-in serves, sorted.
func Tokens() []string {
	var out []string
	for token := range table() {
		out = append(out, token)
	}
	slices.Sort(out)
	return out
}

// Simulated reports whether a type is kept in Pulumi's state only, because the emulator lacks its API.
func Simulated(token string) bool {
	row, ok := table()[token]
	return ok && row.Simulated
}

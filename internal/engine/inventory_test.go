package engine

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness"
)

func TestInventoryListsWhatStands(t *testing.T) {
	const secret = "urn:pulumi:staging::gatehouse::gatehouse:layer:data$random:index/randomString:RandomString::salt"
	all, err := inventory([]byte(`{"resources": [
		{"urn": "`+subnetURN+`", "type": "aws:ec2/subnet:Subnet", "id": "subnet-1", "protect": true, "inputs": {"a": "b"}},
		{"urn": "`+subnetURN+`", "type": "aws:ec2/subnet:Subnet", "id": "subnet-0", "delete": true},
		{"urn": "`+secret+`", "type": "random:index/randomString:RandomString", "id": "s3cret"}
	]}`), func(token string) bool { return token == "aws:ec2/subnet:Subnet" })
	require.NoError(t, err)
	require.Equal(t, readiness.Deployed{
		Resources: []readiness.Resource{
			{URN: subnetURN, Type: "aws:ec2/subnet:Subnet", Name: "gatehouse-staging-network-data-a", ID: "subnet-1", Layer: "network", Protected: true},
			{URN: secret, Type: "random:index/randomString:RandomString", Name: "salt", Layer: "data"},
		},
		Simulated: map[string]int{"aws:ec2/subnet:Subnet": 1},
	}, all)
	_, err = inventory([]byte(`{"resources": [`), func(string) bool { return false })
	require.Error(t, err)
}

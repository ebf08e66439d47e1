package emulator

import (
	"os"
	"slices"
)

// Environment is the environment, as KEY=VALUE, that points AWS's tools at an
// emulator in a region, as [Access] does.
func Environment(endpoint, region string) []string {
	located := slices.Insert(Access(endpoint), 1, "AWS_REGION="+region, "AWS_DEFAULT_REGION="+region)
	return append(located, "AWS_PAGER=")
}

// Access is the environment, as KEY=VALUE, that lets whoever knows the region reach
// an emulator, with credentials that are fakes. Neither files of the user nor metadata
// of the machine are read.
func Access(endpoint string) []string {
	return []string{
		"AWS_ENDPOINT_URL=" + endpoint,
		"AWS_ACCESS_KEY_ID=sandbox",
		"AWS_SECRET_ACCESS_KEY=sandbox",
		"AWS_CONFIG_FILE=" + os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
		"AWS_EC2_METADATA_DISABLED=true",
	}
}

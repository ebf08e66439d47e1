package evidence

import "time"

// Repository is an ECR repository.
type Repository struct {
	Name string `json:"name"`
	// Immutable is whether a tag always means the same image.
	Immutable  bool `json:"immutable"`
	ScanOnPush bool `json:"scanOnPush"`
	// Images are its newest, newest first, no more than [MostImages].
	Images []RegistryImage `json:"images"`
}

// RegistryImage is an image in a repository.
type RegistryImage struct {
	Digest string    `json:"digest"`
	Tags   []string  `json:"tags,omitempty"`
	Pushed time.Time `json:"pushed"`
}

// MostImages is how many of a repository's images are kept.
const MostImages = 20

// RegistryScan is the scan of the newest tagged image of a repository.
type RegistryScan struct {
	Repository string `json:"repository"`
	// Image is its tag or digest.
	Image string `json:"image"`
	// Status is COMPLETE or ACTIVE when findings can be had.
	Status    string    `json:"status"`
	Completed time.Time `json:"completed"`
	// Findings count by severity: CRITICAL, HIGH, …
	Findings map[string]int `json:"findings,omitempty"`
}

// AWSRepositories are the repositories that the targets name.
var AWSRepositories = Define[[]Repository](AWS, "ecr.repositories", "ecr:DescribeRepositories", "ecr:DescribeImages")

// AWSImageScans are the scans of the newest tagged image of each repository.
var AWSImageScans = Define[[]RegistryScan](AWS, "ecr.scans", "ecr:DescribeImages", "ecr:DescribeImageScanFindings")

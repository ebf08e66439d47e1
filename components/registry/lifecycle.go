package registry

import (
	"encoding/json"
	"fmt"
)

// lifecycle is an ECR lifecycle policy ("Lifecycle policy properties in Amazon
// ECR"). Lower priorities are applied first.
type lifecycle struct {
	Rules []lifecycleRule `json:"rules"`
}

type lifecycleRule struct {
	Priority    int       `json:"rulePriority"`
	Description string    `json:"description"`
	Selection   selection `json:"selection"`
	Action      action    `json:"action"`
}

type selection struct {
	TagStatus      string   `json:"tagStatus"`
	TagPatternList []string `json:"tagPatternList,omitempty"`
	CountType      string   `json:"countType"`
	CountUnit      string   `json:"countUnit,omitempty"`
	CountNumber    int      `json:"countNumber"`
}

type action struct {
	Type string `json:"type"`
}

// keep deletes untagged images after some days and all but the newest images
// with tags.
func keep(images, untaggedDays int) lifecycle {
	expire := action{Type: "expire"}
	return lifecycle{Rules: []lifecycleRule{{
		Priority: 1, Description: fmt.Sprintf("untagged images go after %d days", untaggedDays), Action: expire,
		Selection: selection{TagStatus: "untagged", CountType: "sinceImagePushed", CountUnit: "days", CountNumber: untaggedDays},
	}, {
		Priority: 2, Description: fmt.Sprintf("the newest %d tagged images stay", images), Action: expire,
		Selection: selection{TagStatus: "tagged", TagPatternList: []string{"*"}, CountType: "imageCountMoreThan", CountNumber: images},
	}}}
}

// JSON renders the policy.
func (l lifecycle) JSON() (string, error) {
	text, err := json.Marshal(l)
	return string(text), err
}

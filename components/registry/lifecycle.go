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

// rebuilt begins the tags of images that plugins were built into (plugins/install).
const rebuilt = "plugins-"

// keep deletes untagged images after some days, and all but the newest images with
// tags: so many that plugins were built into, and so many releases.
//
// ECR knows no "all but these": a rule for every tag counts the rebuilt ones too, and
// may not expire them, because a rule before it is about them. So it counts as many
// more, and rebuilding takes no release away. What rebuilt images are deleted within a
// day still counts until ECR has done so.
func keep(images, untaggedDays int) lifecycle {
	expire := action{Type: "expire"}
	tagged := func(pattern string, count int) selection {
		return selection{TagStatus: "tagged", TagPatternList: []string{pattern}, CountType: "imageCountMoreThan", CountNumber: count}
	}
	return lifecycle{Rules: []lifecycleRule{{
		Priority: 1, Description: fmt.Sprintf("untagged images go after %d days", untaggedDays), Action: expire,
		Selection: selection{TagStatus: "untagged", CountType: "sinceImagePushed", CountUnit: "days", CountNumber: untaggedDays},
	}, {
		Priority: 2, Description: fmt.Sprintf("the newest %d images with plugins stay", images), Action: expire,
		Selection: tagged(rebuilt+"*", images),
	}, {
		Priority: 3, Description: fmt.Sprintf("the newest %d releases stay beside them", images), Action: expire,
		Selection: tagged("*", 2*images),
	}}}
}

// JSON renders the policy.
func (l lifecycle) JSON() (string, error) {
	text, err := json.Marshal(l)
	return string(text), err
}

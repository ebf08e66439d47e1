package engine

import (
	"encoding/json"

	"gatehouse/report/readiness"
)

// inventory lists the resources of a deployment, without any of their
// properties. An ID that is a secret's is left out.
func inventory(deployment json.RawMessage, simulated func(token string) bool) (readiness.Deployed, error) {
	var state struct {
		Resources []struct {
			URN     string `json:"urn"`
			Type    string `json:"type"`
			ID      string `json:"id"`
			Protect bool   `json:"protect"`
			Delete  bool   `json:"delete"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(deployment, &state); err != nil {
		return readiness.Deployed{}, err
	}
	all := readiness.Deployed{Resources: []readiness.Resource{}, Simulated: map[string]int{}}
	for _, r := range state.Resources {
		// What waits for its deletion is no part of the environment any more.
		if r.Delete {
			continue
		}
		if simulated(r.Type) {
			all.Simulated[r.Type]++
		}
		all.Resources = append(all.Resources, readiness.Resource{
			URN: r.URN, Type: r.Type, Name: nameOf(r.URN), ID: publicID(r.Type, r.ID), Layer: layerOf(r.URN), Protected: r.Protect,
		})
	}
	return all, nil
}

// publicID is a resource's ID, but for those types whose ID is the random value
// itself (pulumi-random).
func publicID(token, id string) string {
	switch token {
	case "random:index/randomString:RandomString", "random:index/randomPassword:RandomPassword", "random:index/randomBytes:RandomBytes":
		return ""
	}
	return id
}

package config

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

//go:embed kubernetes-support.json
var supportTable []byte

// supportWarning is how long before the end of support a warning begins.
const supportWarning = 60 * 24 * time.Hour

// supportEnds reads the table of support: the last day of EKS standard
// support by Kubernetes version; the zero time when AWS has not announced it.
func supportEnds() map[KubernetesVersion]time.Time {
	var table struct {
		Versions map[KubernetesVersion]string `json:"versions"`
	}
	if err := json.Unmarshal(supportTable, &table); err != nil {
		panic(fmt.Sprintf("config: read kubernetes-support.json: %v", err))
	}
	ends := make(map[KubernetesVersion]time.Time, len(table.Versions))
	for version, day := range table.Versions {
		var end time.Time
		if day != "" {
			var err error
			if end, err = time.Parse(time.DateOnly, day); err != nil {
				panic(fmt.Sprintf("config: read kubernetes-support.json: %v", err))
			}
		}
		ends[version] = end
	}
	return ends
}

// supported says that the version whose support ends on that day still has it.
func supported(end, now time.Time) bool {
	return end.IsZero() || now.Before(end.AddDate(0, 0, 1))
}

// supportedVersions lists the versions in standard support, oldest first.
func supportedVersions(now time.Time) []KubernetesVersion {
	ends := supportEnds()
	versions := slices.SortedFunc(maps.Keys(ends), func(a, b KubernetesVersion) int { return a.minor() - b.minor() })
	return slices.DeleteFunc(versions, func(v KubernetesVersion) bool { return !supported(ends[v], now) })
}

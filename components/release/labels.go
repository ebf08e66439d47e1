package release

import "strings"

// Labels are the ownership labels as a chart may add them to what it makes:
// those named app.kubernetes.io/… are Helm's and the chart's own, by which Helm
// knows its objects again and Services find their pods.
func Labels(owner map[string]string) map[string]string {
	labels := map[string]string{}
	for name, value := range owner {
		if !strings.HasPrefix(name, "app.kubernetes.io/") {
			labels[name] = value
		}
	}
	return labels
}

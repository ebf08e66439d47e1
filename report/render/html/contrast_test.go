package html

import (
	"fmt"
	"math"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every colour of text stands off both grounds by 4.5 to 1 in every theme (WCAG
// 2.2, 1.4.3).
func TestContrast(t *testing.T) {
	themes := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(styles, -1)
	require.Len(t, themes, 3, "light, dark and print")
	for i, theme := range themes {
		colours := map[string]float64{}
		for _, pair := range regexp.MustCompile(`--(\w+): (#[0-9a-f]{6});`).FindAllStringSubmatch(theme[1], -1) {
			colours[pair[1]] = luminance(t, pair[2])
		}
		for _, name := range []string{"text", "soft", "link", "pass", "fail", "error", "unknown", "manual", "na"} {
			for _, ground := range []string{"page", "panel"} {
				require.Contains(t, colours, name)
				a, b := colours[name], colours[ground]
				ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05)
				require.GreaterOrEqual(t, ratio, 4.5, "theme %d: %s on %s", i, name, ground)
			}
		}
	}
}

// luminance is the relative luminance of a colour (WCAG 2.2).
func luminance(t *testing.T, colour string) float64 {
	var r, g, b int
	_, err := fmt.Sscanf(colour, "#%02x%02x%02x", &r, &g, &b)
	require.NoError(t, err)
	linear := func(c int) float64 {
		s := float64(c) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

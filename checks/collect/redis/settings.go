package redis

import (
	"context"
	"errors"
	"strings"

	"gatehouse/checks/evidence"
)

// settingNames are the settings that decide something and hold no secret.
var settingNames = []string{"appendfsync", "appendonly", "maxmemory", "maxmemory-policy", "save", "stop-writes-on-bgsave-error"}

func (c *Collector) settings() evidence.Reader {
	asked := "CONFIG GET " + strings.Join(settingNames, " ")
	return evidence.Read(evidence.RedisSettings, asked, func(ctx context.Context) ([]evidence.RedisSetting, error) {
		if c.target.Managed {
			return nil, evidence.Problem{Kind: evidence.Unsupported, Message: "ElastiCache does not serve CONFIG"}
		}
		addresses, err := c.addresses(ctx)
		if err != nil {
			return nil, err
		}
		words := []any{"CONFIG", "GET"}
		for _, name := range settingNames {
			words = append(words, name)
		}
		return each(addresses, func(address string) ([]evidence.RedisSetting, error) {
			cmd, err := c.do(ctx, door{address: address}, words...)
			if err != nil {
				return nil, err
			}
			values := pairs(cmd.Val())
			if len(values) == 0 {
				return nil, evidence.Problem{Kind: evidence.Invalid, Message: address + " answers CONFIG GET with nothing"}
			}
			var found []evidence.RedisSetting
			for _, name := range settingNames {
				if value, there := values[name]; there {
					found = append(found, evidence.RedisSetting{Address: address, Name: name, Value: value})
				}
			}
			return found, nil
		})
	})
}

// access knocks at every node without a password.
func (c *Collector) access() evidence.Reader {
	return evidence.Read(evidence.RedisAccess, "PING without a password", func(ctx context.Context) ([]evidence.RedisDoor, error) {
		addresses, err := c.addresses(ctx)
		if err != nil {
			return nil, err
		}
		return each(addresses, func(address string) ([]evidence.RedisDoor, error) {
			cmd, err := c.do(ctx, door{address: address, anonymous: true}, "PING")
			var p evidence.Problem
			if errors.As(err, &p) && p.Kind == evidence.Denied {
				return []evidence.RedisDoor{{Address: address, Closed: true, Answer: "refused"}}, nil
			}
			if err != nil {
				return nil, err
			}
			return []evidence.RedisDoor{{Address: address, Answer: text(cmd.Val())}}, nil
		})
	})
}

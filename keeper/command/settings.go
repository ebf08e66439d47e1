package command

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"gatehouse/keeper/archive"
	"gatehouse/keeper/backup"
	"gatehouse/keeper/cluster"
	"gatehouse/keeper/postgres"
)

// settings are the flags that all commands share, and what is made of them.
type settings struct {
	world *World
	log   *slog.Logger

	output, bucket, key, gateway, status, kubeconfig, programs string
}

func (s *settings) aws(ctx context.Context) (aws.Config, error) {
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return aws.Config{}, fmt.Errorf("find AWS: %w", err)
	}
	return loaded, nil
}

func (s *settings) archive(ctx context.Context) (*archive.Archive, error) {
	if s.bucket == "" || s.key == "" {
		return nil, fmt.Errorf("find the bucket: give --bucket and --kms-key")
	}
	loaded, err := s.aws(ctx)
	if err != nil {
		return nil, err
	}
	client := s3.NewFromConfig(loaded, func(o *s3.Options) {
		// An endpoint of one's own seldom has a name for every bucket.
		o.UsePathStyle = loaded.BaseEndpoint != nil
	})
	return archive.New(client, s.bucket, s.key), nil
}

func (s *settings) server() (postgres.Server, error) { return postgres.FromEnvironment(s.setting) }

func (s *settings) cluster() (*cluster.Cluster, error) {
	c, err := cluster.Connect(s.kubeconfig)
	if err != nil {
		return nil, err
	}
	c.StatusNamespace = s.status
	return c, nil
}

func (s *settings) keeper(ctx context.Context) (backup.Keeper, error) {
	a, err := s.archive(ctx)
	if err != nil {
		return backup.Keeper{}, err
	}
	return backup.Keeper{
		Archive: a, Programs: postgres.Programs(s.programs), Now: s.world.Now, Version: Version, Log: s.log,
	}, nil
}

// show renders a result: as JSON, or in words.
func (s *settings) show(result any, words string) error {
	if s.output == "text" {
		fmt.Fprint(s.world.Out, words)
		return nil
	}
	text, err := json.MarshalIndent(result, "", "  ")
	if err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	fmt.Fprintf(s.world.Out, "%s\n", text)
	return nil
}

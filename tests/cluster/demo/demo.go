// Package demo makes a small believable world in a lab: shops that sell, payments that fail, and
// somebody who deploys all day.
package demo

import (
	"context"
	"embed"

	"k8s.io/client-go/rest"

	"kubectl-live/lab/objects"
)

//go:embed *.yaml
var files embed.FS

// Make applies every file in the order of their names.
func Make(ctx context.Context, config *rest.Config) error {
	applier, err := objects.NewApplier(config)
	if err != nil {
		return err
	}
	entries, err := files.ReadDir(".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		documents, err := files.ReadFile(entry.Name())
		if err != nil {
			return err
		}
		if err := applier.Apply(ctx, documents); err != nil {
			return err
		}
	}
	return nil
}

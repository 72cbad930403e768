// Package demo makes a small believable world in a lab: shops that sell, payments that fail, and
// somebody who deploys all day.
package demo

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"text/template"
	"time"

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
		documents, err = render(documents)
		if err != nil {
			return fmt.Errorf("%s: %w", entry.Name(), err)
		}
		if err := applier.Apply(ctx, documents); err != nil {
			return err
		}
	}
	return nil
}

// render fills in {{ ago "3h" }}: a time that is as long ago whenever the demo is made.
func render(documents []byte) ([]byte, error) {
	functions := template.FuncMap{"ago": func(text string) (string, error) {
		duration, err := time.ParseDuration(text)
		return time.Now().Add(-duration).UTC().Format(time.RFC3339), err
	}}
	layout, err := template.New("").Funcs(functions).Parse(string(documents))
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = layout.Execute(&text, nil)
	return text.Bytes(), err
}

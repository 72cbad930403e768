package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/base64"
	"fmt"
	"os"
	"text/template"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"kubectl-live/lab/demo"
	"kubectl-live/lab/objects"
	"kubectl-live/lab/plane"
	"kubectl-live/lab/podserver"
	"kubectl-live/lab/supervise"
)

//go:embed system.yaml
var systemYAML string

// furnish makes a bare control plane a cluster: somebody answers for its pods, the metrics API is
// there, pods can be made in the default namespace, and the demo world if it is wanted. What runs
// on reports its end to failed.
func furnish(ctx context.Context, supervisor *supervise.Supervisor, wantDemo bool, failed chan<- error) error {
	config, err := objects.Config(plane.SupervisorKubeconfig(supervisor.Dir))
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	server, err := podserver.Listen(podserver.Options{
		Dir: supervisor.Dir, Ports: supervisor.Ports, Client: client, Spawner: supervisor.Spawner,
	})
	if err != nil {
		return err
	}
	go func() { failed <- server.Serve(ctx) }()

	if err := applySystem(ctx, supervisor, config); err != nil {
		return err
	}
	if err := waitForDefaultAccount(ctx, client); err != nil {
		return err
	}
	roll := demo.Roller(ctx, client, os.Stderr)
	supervisor.OnRoll(roll)
	if !wantDemo {
		return nil
	}
	if err := demo.Make(ctx, config); err != nil {
		return err
	}
	roll()
	return nil
}

// applySystem registers metrics-server, which runs outside the cluster, as an API of the cluster.
func applySystem(ctx context.Context, supervisor *supervise.Supervisor, config *rest.Config) error {
	authority, err := os.ReadFile(supervisor.Dir.Path("pki", "ca.crt"))
	if err != nil {
		return err
	}
	layout, err := template.New("system").Parse(systemYAML)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	err = layout.Execute(&text, map[string]any{
		"MetricsPort": supervisor.Ports.MetricsServer,
		"Authority":   base64.StdEncoding.EncodeToString(authority),
	})
	if err != nil {
		return err
	}
	applier, err := objects.NewApplier(config)
	if err != nil {
		return err
	}
	return applier.Apply(ctx, text.Bytes())
}

// waitForDefaultAccount waits for what admission of every pod needs; the controller manager makes
// it a moment after it is ready.
func waitForDefaultAccount(ctx context.Context, client kubernetes.Interface) error {
	deadline := time.Now().Add(30 * time.Second)
	for {
		_, err := client.CoreV1().ServiceAccounts("default").Get(ctx, "default", metav1.GetOptions{})
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the default service account was not made: %w", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

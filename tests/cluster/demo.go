package main

import (
	"kubectl-live/lab/control"
	"kubectl-live/lab/demo"
	"kubectl-live/lab/flags"
	"kubectl-live/lab/objects"
	"kubectl-live/lab/plane"
)

// makeDemo makes the demo world in a lab that runs.
func makeDemo(args []string) error {
	flags := flags.New("demo")
	rolling := flags.Bool("keep-rolling", false, "let the supervisor change something every half minute")
	if err := flags.ParseAll(args); err != nil {
		return err
	}
	dir, err := flags.Running()
	if err != nil {
		return err
	}
	config, err := objects.Config(plane.SupervisorKubeconfig(dir))
	if err != nil {
		return err
	}
	ctx, cancel := interruptible()
	defer cancel()
	if err := demo.Make(ctx, config); err != nil {
		return err
	}
	if !*rolling {
		return nil
	}
	_, err = control.Call(dir.Socket(), control.Request{Op: "roll"})
	return err
}

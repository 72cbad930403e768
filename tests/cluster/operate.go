package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"syscall"
	"text/tabwriter"
	"time"

	"kubectl-live/lab/control"
	"kubectl-live/lab/flags"
	"kubectl-live/lab/state"
)

// downTimeout is how long a supervisor may take to end; it needs a tenth of a second.
const downTimeout = 15 * time.Second

// operate gives the command that does op to the components it is given.
func operate(op string) func(args []string) error {
	return func(args []string) error {
		flags := flags.New(op)
		if err := flags.Parse(args); err != nil {
			return err
		}
		dir, err := flags.Running()
		if err != nil {
			return err
		}
		_, err = control.Call(dir.Socket(), control.Request{Op: op, Components: flags.Args()})
		return err
	}
}

// down ends a lab and waits until nothing of it is left. One that is not running is no error.
func down(args []string) error {
	flags := flags.New("down")
	if err := flags.ParseAll(args); err != nil {
		return err
	}
	dir, err := flags.Dir()
	if err != nil || !dir.Running() {
		return err
	}
	_, callErr := control.Call(dir.Socket(), control.Request{Op: "down"})
	if callErr != nil {
		// It holds the lock but does not answer. The kernel ends its children with it.
		record, err := dir.Load()
		if err != nil {
			return errors.Join(callErr, err)
		}
		if err := syscall.Kill(record.PIDs["supervisor"], syscall.SIGKILL); err != nil {
			return errors.Join(callErr, err)
		}
	}
	for deadline := time.Now().Add(downTimeout); dir.Running(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("lab %q is still running after %s", flags.Lab, downTimeout)
		}
	}
	return dir.Clean()
}

// status shows the components; it succeeds only when all of them run.
func status(args []string) error {
	flags := flags.New("status")
	asJSON := flags.Bool("json", false, "print JSON")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := flags.Running()
	if err != nil {
		return err
	}
	reply, err := control.Call(dir.Socket(), control.Request{Op: "status"})
	if err != nil {
		return err
	}
	if *asJSON {
		err = json.NewEncoder(os.Stdout).Encode(reply.Components)
	} else {
		err = printStatus(reply.Components)
	}
	if err != nil {
		return err
	}
	for _, component := range reply.Components {
		if component.State != "running" {
			return exitCode(1)
		}
	}
	return nil
}

func printStatus(components []control.Status) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "COMPONENT\tPID\tPORT\tSTATE\tLOG")
	for _, component := range components {
		shown := component.State
		if component.Detail != "" {
			shown += " (" + component.Detail + ")"
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\n", component.Name, component.PID, component.Port, shown, component.Log)
	}
	return table.Flush()
}

// list shows the labs of the cache directory.
func list(args []string) error {
	flags := flags.New("list")
	if err := flags.Parse(args); err != nil {
		return err
	}
	root, err := state.Root()
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "NAME\tSTATE\tSERVER\tDIRECTORY")
	for _, entry := range entries {
		dir, err := state.Resolve(entry.Name(), "")
		if err != nil {
			continue
		}
		shown, record := "down", state.Record{}
		if dir.Running() {
			shown = "starting"
			if record, err = dir.Load(); err == nil {
				shown = "up"
			}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", entry.Name(), shown, record.Server, dir)
	}
	return table.Flush()
}

package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"kubectl-live/lab/state"
)

// flags are those of one command, with the ones every command has.
type flags struct {
	*pflag.FlagSet
	name  string
	state string
}

func newFlags(command string) *flags {
	set := &flags{FlagSet: pflag.NewFlagSet("lab "+command, pflag.ContinueOnError)}
	set.StringVar(&set.name, "name", "default", "which lab; also the name of its context")
	set.StringVar(&set.state, "state", "", "directory of the lab's files (default: labs/NAME in the cache)")
	return set
}

// dir is the directory of the lab the flags name.
func (f *flags) dir() (state.Dir, error) { return state.Resolve(f.name, f.state) }

// running is dir for commands that need a lab that runs.
func (f *flags) running() (state.Dir, error) {
	dir, err := f.dir()
	if err != nil {
		return "", err
	}
	if !dir.Running() {
		return "", fmt.Errorf("lab %q is not running (%s); start it with: lab up --name %s", f.name, dir, f.name)
	}
	return dir, nil
}

// nothingLeft refuses arguments a command has no use for: they are mistyped flags.
func (f *flags) nothingLeft() error {
	if f.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	return nil
}

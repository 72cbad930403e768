// Package flags reads the arguments of lab's commands.
package flags

import (
	"fmt"

	"github.com/spf13/pflag"

	"kubectl-live/lab/state"
)

// Set are the flags of one command, with those every command has.
type Set struct {
	*pflag.FlagSet
	// Lab is its name.
	Lab   string
	state string
}

// New makes the set of a command, to which the command adds its own flags.
func New(command string) *Set {
	set := &Set{FlagSet: pflag.NewFlagSet("lab "+command, pflag.ContinueOnError)}
	set.StringVar(&set.Lab, "name", "default", "which lab; also the name of its context")
	set.StringVar(&set.state, "state", "", "directory of the lab's files (default: labs/NAME in the cache)")
	return set
}

// Dir is the directory of the lab the flags name.
func (s *Set) Dir() (state.Dir, error) { return state.Resolve(s.Lab, s.state) }

// Running is Dir for commands that need a lab that runs.
func (s *Set) Running() (state.Dir, error) {
	dir, err := s.Dir()
	if err != nil {
		return "", err
	}
	if !dir.Running() {
		return "", fmt.Errorf("lab %q is not running (%s); start it with: lab up --name %s", s.Lab, dir, s.Lab)
	}
	return dir, nil
}

// ParseAll parses the arguments of a command that takes flags only: what is left over is a mistake.
func (s *Set) ParseAll(arguments []string) error {
	if err := s.Parse(arguments); err != nil {
		return err
	}
	if s.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", s.Arg(0))
	}
	return nil
}

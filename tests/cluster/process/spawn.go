// Package process starts children that cannot outlive their parent.
package process

import (
	"os/exec"
	"runtime"
)

// Spawner starts children from one operating system thread that lives as long as the process.
// The kernel delivers "parent died" (PDEATHSIG) when the *thread* that forked ends, and Go ends
// threads when it likes: from an ordinary goroutine a child could be killed for no reason.
type Spawner struct {
	requests chan request
}

type request struct {
	command *exec.Cmd
	result  chan error
}

// NewSpawner starts the thread.
func NewSpawner() *Spawner {
	spawner := &Spawner{requests: make(chan request)}
	go func() {
		runtime.LockOSThread()
		for request := range spawner.requests {
			dieWithParent(request.command)
			request.result <- request.command.Start()
		}
	}()
	return spawner
}

// Start is command.Start, with the promise that the kernel kills the child when this process ends
// in whatever way.
func (s *Spawner) Start(command *exec.Cmd) error {
	result := make(chan error, 1)
	s.requests <- request{command: command, result: result}
	return <-result
}

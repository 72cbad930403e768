package supervise

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"kubectl-live/lab/control"
)

// componentTimeout bounds one start; stopGrace is what a component gets to end by itself.
const (
	componentTimeout = 60 * time.Second
	stopGrace        = 3 * time.Second
)

// Serve answers commands until the listener is closed.
func (s *Supervisor) Serve(listener net.Listener) error {
	for {
		connection, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the control socket: %w", err)
		}
		go s.answer(connection)
	}
}

func (s *Supervisor) answer(connection net.Conn) {
	defer connection.Close()
	var request control.Request
	if err := json.NewDecoder(connection).Decode(&request); err != nil {
		return
	}
	reply, after := s.handle(request)
	_ = json.NewEncoder(connection).Encode(reply)
	if after != nil {
		after(connection)
	}
}

// handle does what was asked. What it returns beside the reply runs once that is sent.
func (s *Supervisor) handle(request control.Request) (control.Reply, func(net.Conn)) {
	switch request.Op {
	case "status":
		return control.Reply{Components: s.statuses()}, nil
	case "down":
		return control.Reply{}, func(net.Conn) { s.downOnce.Do(func() { close(s.down) }) }
	case "roll":
		s.roll()
		return control.Reply{}, nil
	}
	children, err := s.find(request.Components)
	if err != nil {
		return control.Reply{Error: err.Error()}, nil
	}
	if request.Op == "hold" {
		return s.hold(children)
	}
	for _, child := range children {
		if err := act(request.Op, child); err != nil {
			return control.Reply{Error: err.Error()}, nil
		}
	}
	s.remember()
	return control.Reply{Components: s.statuses()}, nil
}

func act(op string, child *child) error {
	switch op {
	case "stop":
		child.stop(stopGrace)
		return nil
	case "kill":
		child.stop(0)
		return nil
	case "start":
		if err := child.start(); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.Background(), componentTimeout)
		defer cancel()
		return child.waitReady(ctx)
	case "pause":
		return child.pause()
	case "resume":
		return child.resume()
	}
	return fmt.Errorf("%q is nothing a lab can do", op)
}

// hold pauses the children that run, until the caller's connection closes: a command that was
// killed leaves nothing frozen.
func (s *Supervisor) hold(children []*child) (control.Reply, func(net.Conn)) {
	var held []*child
	for _, child := range children {
		if child.status().State == running && child.pause() == nil {
			held = append(held, child)
		}
	}
	return control.Reply{Components: s.statuses()}, func(connection net.Conn) {
		_, _ = io.Copy(io.Discard, connection)
		for _, child := range held {
			if err := child.resume(); err != nil {
				fmt.Fprintln(s.progress, err)
			}
		}
	}
}

// remember writes the record anew: a component that was started again has another pid.
func (s *Supervisor) remember() {
	if err := s.Dir.Save(s.Record()); err != nil {
		fmt.Fprintln(s.progress, err)
	}
}

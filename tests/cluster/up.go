package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"kubectl-live/lab/control"
	"kubectl-live/lab/flags"
	"kubectl-live/lab/process"
	"kubectl-live/lab/state"
	"kubectl-live/lab/supervise"
)

// up starts a lab and prints its record as one line of JSON when it is ready.
func up(args []string) error {
	flags := flags.New("up")
	foreground := flags.Bool("foreground", false, "stay, and end with the caller")
	detached := flags.Bool("detached", false, "with --foreground: outlive the caller")
	demo := flags.Bool("demo", false, "fill it with the demo world and keep that moving")
	if err := flags.ParseAll(args); err != nil {
		return err
	}
	dir, err := flags.Dir()
	if err != nil {
		return err
	}
	if *foreground {
		return superviseHere(dir, flags.Lab, *demo, *detached)
	}
	return superviseElsewhere(dir, flags.Lab, *demo)
}

// superviseHere is the supervisor's life.
func superviseHere(dir state.Dir, name string, demo, detached bool) error {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	if !detached {
		go func() {
			select {
			case <-process.ParentGone():
			case <-process.InputEnded():
			case <-ctx.Done():
			}
			cancel()
		}()
	}
	lock, free, err := dir.Lock()
	if err != nil {
		return err
	}
	if !free {
		return alreadyRunning(dir, name)
	}
	defer lock.Close()

	if err := dir.Prepare(); err != nil {
		return err
	}
	log, err := os.OpenFile(dir.Log("supervisor"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	supervisor, err := supervise.Start(ctx, dir, name, os.Stderr)
	if err != nil {
		return errors.Join(err, dir.Clean())
	}
	err = serve(ctx, supervisor, demo, func() error {
		if detached {
			return process.Detach(log)
		}
		return nil
	})
	supervisor.Stop()
	return errors.Join(err, dir.Clean())
}

// serve makes the lab usable, says so, and returns when it should end.
func serve(ctx context.Context, supervisor *supervise.Supervisor, demo bool, ready func() error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.Symlink(executable, supervisor.Record().Kubectl); err != nil {
		return err
	}
	failed := make(chan error, 2)
	if err := furnish(ctx, supervisor, demo, failed); err != nil {
		return err
	}
	listener, err := control.Listen(supervisor.Dir.Socket())
	if err != nil {
		return err
	}
	defer listener.Close()
	go func() { failed <- supervisor.Serve(listener) }()

	record := supervisor.Record()
	if err := supervisor.Dir.Save(record); err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(record); err != nil {
		return err
	}
	if err := ready(); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case <-supervisor.Down():
		return nil
	case err := <-failed:
		return err
	}
}

// superviseElsewhere starts a supervisor that outlives this command. It speaks on our standard
// error until it is ready, and into its log after that.
func superviseElsewhere(dir state.Dir, name string, demo bool) error {
	if dir.Running() {
		return alreadyRunning(dir, name)
	}
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	command := exec.Command(executable, "up", "--foreground", "--detached", "--name="+name, "--state="+string(dir))
	if demo {
		command.Args = append(command.Args, "--demo")
	}
	command.Stderr = os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	output, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		return fmt.Errorf("the lab did not start: %w", errors.Join(ignoreEOF(err), command.Wait()))
	}
	fmt.Print(line)
	return command.Process.Release()
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func alreadyRunning(dir state.Dir, name string) error {
	record, err := dir.Load()
	if err != nil {
		return fmt.Errorf("lab %q is starting or ending already (%s)", name, dir)
	}
	return fmt.Errorf("lab %q is running already (pid %d, %s); stop it with: lab down --name %s",
		strings.TrimSpace(record.Name), record.PIDs["supervisor"], dir, name)
}

package process

import (
	"errors"
	"os"
	"syscall"
)

// Detach makes standard output and error write to a file from now on, and so lets go of the
// caller's terminal or pipe: a write to a pipe nobody reads would end the process.
func Detach(file *os.File) error {
	return errors.Join(
		syscall.Dup3(int(file.Fd()), 1, 0),
		syscall.Dup3(int(file.Fd()), 2, 0),
	)
}

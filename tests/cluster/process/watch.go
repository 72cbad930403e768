package process

import (
	"io"
	"os"
	"time"
)

// parentPoll is how often the parent is looked at. There is no portable notification of its end.
const parentPoll = 250 * time.Millisecond

// ParentGone is closed when the process that started this one has ended.
func ParentGone() <-chan struct{} {
	gone := make(chan struct{})
	parent := os.Getppid()
	go func() {
		defer close(gone)
		for os.Getppid() == parent {
			time.Sleep(parentPoll)
		}
	}()
	return gone
}

// InputEnded is closed when standard input reaches its end: whoever held the other side is gone.
// With /dev/null or a file as input there is no other side, and it never closes.
func InputEnded() <-chan struct{} {
	ended := make(chan struct{})
	info, err := os.Stdin.Stat()
	if err != nil || info.Mode().IsRegular() || isNull(info) {
		return ended
	}
	go func() {
		defer close(ended)
		// Any error is as good as the end: nothing more will come.
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	return ended
}

func isNull(info os.FileInfo) bool {
	null, err := os.Stat(os.DevNull)
	return err == nil && os.SameFile(info, null)
}

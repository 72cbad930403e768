package kube

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"

	"github.com/go-logr/logr"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
)

// Silence keeps every library below from writing to the terminal, which belongs to the editor, and from ending the
// process. Call it once, before anything else.
func Silence() {
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	_ = flags.Set("logtostderr", "false")
	_ = flags.Set("alsologtostderr", "false")
	_ = flags.Set("stderrthreshold", "4")
	klog.SetOutput(io.Discard)
	klog.SetLogger(logr.Discard())
	// klog.Fatal would take the editor's backend with it; a panic is caught by whoever runs the call.
	klog.OsExit = func(code int) { panic(fmt.Sprintf("a library asked to exit with %d", code)) }
	log.SetOutput(io.Discard)
	utilruntime.ReallyCrash = false
	utilruntime.PanicHandlers = []func(context.Context, any){}
	utilruntime.ErrorHandlers = []utilruntime.ErrorHandler{}
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
}

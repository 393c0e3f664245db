// Command alphanode is search and similar posts for sites with technical
// content: one binary, one data directory.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() { os.Exit(run()) }

// run is main with an exit code; tests call it through testscript.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	env := environment{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: time.Now}
	err := newRootCommand(env).ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var quiet *exitError
	if errors.As(err, &quiet) && quiet.err == nil {
		return quiet.code
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "alphanode: stopped; the same command goes on where it stopped")
		return exitFailed
	}
	fmt.Fprintln(os.Stderr, "alphanode:", err)
	if quiet != nil {
		return quiet.code
	}
	return exitFailed
}

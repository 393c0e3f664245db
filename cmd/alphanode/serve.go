package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"sync"

	"github.com/spf13/cobra"

	"alphanode/corpus"
	"alphanode/corpus/importer"
	"alphanode/corpus/synth"
	"alphanode/server"
)

// The demo corpus: how many posts, from which seed.
const (
	demoPosts = 2000
	demoSeed  = 1
)

type serveOptions struct {
	*rootOptions
	addr           string
	demo, readOnly bool
	similar        bool
	origins, hosts []string
}

func newServeCommand(root *rootOptions) *cobra.Command {
	o := &serveOptions{rootOptions: root}
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "Answer searches over HTTP",
		Long: `Serve the search page, the post pages and the API of one data directory, keep
index and similar posts up to date with the store, and stop cleanly on Ctrl-C.

Similar posts need a model of all posts in memory, some 4 KB a post, and a
millisecond of CPU or two for each to make it. With --similar=false none is made:
lists that were made before are shown; similar --all makes them anew while nothing is served.

Until an API key exists only loopback addresses are served, unless --read-only.`,
		Example: `  alphanode serve --data ./data --demo
  alphanode serve --data /var/lib/alphanode --addr 0.0.0.0:8080 --read-only --host search.example.org`,
		Args: exactArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	o.dataFlag(cmd)
	cmd.Flags().StringVar(&o.addr, "addr", "127.0.0.1:8080", "address to listen on")
	cmd.Flags().BoolVar(&o.demo, "demo", false, "generate and load a small corpus if the store is empty")
	cmd.Flags().BoolVar(&o.readOnly, "read-only", false, "refuse every write")
	cmd.Flags().BoolVar(&o.similar, "similar", true, "keep similar posts up to date; without, lists are shown as they are")
	cmd.Flags().StringSliceVar(&o.origins, "origin", nil, "origins that may read from a browser; any when not given")
	cmd.Flags().StringSliceVar(&o.hosts, "host", nil, "host names to answer to besides loopback")
	return cmd
}

func (o *serveOptions) run(ctx context.Context) (err error) {
	if err := server.CheckAddr(o.addr, o.readOnly); err != nil {
		return usage(err)
	}
	app, err := OpenApp(ctx, appConfig{
		dir: o.data, readOnly: o.readOnly, graphOnly: !o.similar, origins: o.origins, hosts: o.hosts, logger: o.logger, now: o.now, workers: besideSearches(),
	})
	if err != nil {
		return explainLock(err)
	}
	defer func() { err = errors.Join(err, app.Close()) }()
	ln, err := app.Listen(o.addr)
	if err != nil {
		return err
	}
	return o.serve(ctx, app, ln)
}

// besideSearches is how many goroutines compute similar posts: a search that arrives finds
// a processor free, where it would wait some 10 ms for one that computes.
func besideSearches() int { return max(1, runtime.GOMAXPROCS(0)-1) }

// serve answers at once, and loads the demo and follows the store meanwhile.
func (o *serveOptions) serve(ctx context.Context, app *App, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	background := make(chan error, 1)
	go func() { background <- o.follow(ctx, app, ln.Addr()) }()
	err := app.Server.Serve(ctx, ln)
	cancel()
	if failed := <-background; failed != nil && !errors.Is(failed, context.Canceled) {
		err = errors.Join(err, failed)
	}
	return err
}

// follow loads the demo where asked, says where to look, makes typed words ready, and keeps
// the similar posts up to date, where it is to, until ctx is done.
func (o *serveOptions) follow(ctx context.Context, app *App, addr net.Addr) error {
	if o.demo && app.Store.Len() == 0 {
		fmt.Fprintf(o.stdout, "making a demo corpus of %d posts\n", demoPosts)
		if _, err := importer.Run(ctx, app.Store, synth.New(demoSeed, demoPosts), importer.RunOptions{}); err != nil {
			return fmt.Errorf("load the demo: %w", err)
		}
	}
	if err := app.CatchUp(ctx); err != nil {
		return err
	}
	fmt.Fprintf(o.stdout, "alphanode serves %d posts on http://%s/\n", app.Store.Len(), addr)
	var warming sync.WaitGroup
	warming.Go(func() {
		if err := app.Index.Warm(ctx); err != nil && ctx.Err() == nil {
			o.logger.Warn("first keystrokes may be slow", slog.Any("err", err))
		}
	})
	defer warming.Wait()
	if !o.similar {
		return nil
	}
	return app.Engine.Follow(ctx)
}

// explainLock tells a person what to do about a directory that is in use.
func explainLock(err error) error {
	if locked, ok := errors.AsType[*corpus.LockedError](err); ok {
		return fmt.Errorf("the data directory is already held by process %d %s: %w", locked.Holder.PID, locked.Holder.Addr, err)
	}
	return err
}

package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"alphanode/corpus"
	"alphanode/corpus/body"
	"alphanode/index"
	"alphanode/index/bleveindex"
	"alphanode/ranking"
	"alphanode/server"
)

// appConfig is everything that decides how an App is wired.
type appConfig struct {
	dir      string
	readOnly bool
	// graphOnly leaves the lists of similar posts as they are.
	graphOnly bool
	origins   []string
	hosts     []string
	workers   int // that compute similar posts; 0: one a CPU
	logger    *slog.Logger
	now       func() time.Time
}

// App is one opened data directory: the store, what is derived from it, and the
// handler that answers for it.
type App struct {
	lock     *corpus.Lock
	Store    *corpus.Store
	Graph    *corpus.Graph
	Index    *bleveindex.Index
	Follower *index.Follower
	Engine   *ranking.Engine
	Server   *server.Server
	token    string
	stop     context.CancelFunc
	done     chan error
}

// OpenApp locks and opens the directory; what was opened before an error is
// closed again. A *corpus.LockedError tells who holds it.
func OpenApp(ctx context.Context, cfg appConfig) (app *App, err error) {
	app = &App{token: newToken()}
	defer func() {
		if err != nil {
			err = errors.Join(err, app.Close())
		}
	}()
	if err := os.MkdirAll(cfg.dir, 0o755); err != nil {
		return app, fmt.Errorf("open data directory: %w", err)
	}
	if app.lock, err = corpus.LockDir(cfg.dir, corpus.LockInfo{PID: os.Getpid()}); err != nil {
		return app, err
	}
	if app.Store, err = corpus.Open(filepath.Join(cfg.dir, "posts.db"), &corpus.Options{Now: cfg.now, Logger: cfg.logger}); err != nil {
		return app, err
	}
	if app.Graph, err = corpus.OpenGraph(filepath.Join(cfg.dir, "similar.db"), &corpus.GraphOptions{Logger: cfg.logger}); err != nil {
		return app, err
	}
	return app, app.wire(ctx, cfg)
}

// wire builds what is derived from the store, and starts following it.
func (a *App) wire(ctx context.Context, cfg appConfig) (err error) {
	rank, err := readRanking(filepath.Join(cfg.dir, "ranking.json"))
	if err != nil {
		return err
	}
	identity := bleveindex.Identity{StoreID: a.Store.ID(), StoreSeq: a.Store.Seq(), Signals: rank.SignalsHash(), Logger: cfg.logger}
	a.Index, err = bleveindex.Open(filepath.Join(cfg.dir, "search"), identity, indexOptions(rank, cfg))
	if err != nil {
		return err
	}
	a.Follower = index.NewFollower(a.Store, a.Index, index.FollowOptions{Logger: cfg.logger})
	a.Engine = ranking.New(a.Index, a.Store, a.Graph, rank, ranking.Options{Logger: cfg.logger, Now: cfg.now, Workers: cfg.workers, GraphOnly: cfg.graphOnly, Answering: func() int { return a.Server.Answering() }})
	a.Server, err = server.New(server.Options{
		Store: a.Store, Searcher: a.Engine, Curation: a.Store, Waiter: a.Follower, IndexSeq: a.Index.Seq,
		Reindex: a.reindex, Check: a.check, Ready: a.ready,
		ReadOnly: cfg.readOnly, Origins: cfg.origins, Hosts: cfg.hosts, Token: a.token,
		Version: version, Logger: cfg.logger, Now: cfg.now,
	})
	if err != nil {
		return err
	}
	follow, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a.stop, a.done = cancel, make(chan error, 1)
	go func() { a.done <- a.Follower.Run(follow) }()
	return nil
}

// readRanking reads what differs from the default configuration of ranking; without
// the file nothing does.
func readRanking(path string) (ranking.Config, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return ranking.DefaultConfig(), nil
	}
	if err != nil {
		return ranking.Config{}, fmt.Errorf("configuration of ranking: %w", err)
	}
	c, err := ranking.ParseConfig(data)
	if err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// indexOptions gives the index ranking's signals and prior.
func indexOptions(c ranking.Config, cfg appConfig) index.Options {
	return index.Options{
		Signals: func(p *corpus.Post, parsed body.Doc) index.Signals { return ranking.SignalsOf(p, parsed, c) },
		Prior:   ranking.Prior(c), PriorBeta: priorBeta(c),
		Now: cfg.now,
	}
}

// priorBeta is the bound of the prior as the index has it: negative for none.
func priorBeta(c ranking.Config) float64 {
	if c.SearchBeta == 0 {
		return -1
	}
	return c.SearchBeta
}

// CatchUp waits until everything stored is searchable.
func (a *App) CatchUp(ctx context.Context) error { return a.Follower.Wait(ctx, a.Store.Seq()) }

// Listen announces the address in the lock file, so that other verbs ask here.
func (a *App) Listen(addr string) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if err := a.lock.SetAddr(ln.Addr().String(), a.token); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	return ln, nil
}

// Close stops following and closes everything that was opened.
func (a *App) Close() error {
	var errs []error
	if a.stop != nil {
		a.stop()
		if err := <-a.done; !errors.Is(err, context.Canceled) {
			errs = append(errs, err)
		}
	}
	if a.Index != nil {
		errs = append(errs, a.Index.Close())
	}
	if a.Graph != nil {
		errs = append(errs, a.Graph.Close())
	}
	if a.Store != nil {
		errs = append(errs, a.Store.Close())
	}
	if a.lock != nil {
		errs = append(errs, a.lock.Close())
	}
	return errors.Join(errs...)
}

func newToken() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // crypto/rand.Read never fails since Go 1.24.
	return hex.EncodeToString(b)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// account is who the server runs as when we are root, whom it refuses.
const account = "postgres"

// binary finds a program of PostgreSQL, which Debian keeps out of the path.
func binary(name string) (string, error) {
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); len(found) > 0 {
		return found[len(found)-1], nil
	}
	return exec.LookPath(name)
}

// program is a program of PostgreSQL, to be run by somebody who is not root.
func program(name string, args ...string) (*exec.Cmd, error) {
	path, err := binary(name)
	if err != nil {
		return nil, err
	}
	command := exec.Command(path, args...)
	if os.Geteuid() == 0 {
		who, err := user.Lookup(account)
		if err != nil {
			return nil, err
		}
		var uid, gid uint32
		if _, err := fmt.Sscan(who.Uid+" "+who.Gid, &uid, &gid); err != nil {
			return nil, err
		}
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
		command.Dir = os.TempDir()
	}
	return command, nil
}

// initialise makes an empty cluster in folder.
func initialise(folder string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		if err := exec.Command("chown", account, folder).Run(); err != nil {
			return fmt.Errorf("give %s to %s: %w", folder, account, err)
		}
	}
	command, err := program("initdb", "-D", filepath.Join(folder, "db"), "-U", account, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
	if err != nil {
		return err
	}
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

// server is a running one with a connection to it.
type server struct {
	command *exec.Cmd
	db      *pgx.Conn
	sockets string
	log     strings.Builder
}

// settings are for one connection on a machine with memory to spare: nothing is
// written while queries are timed, and one process answers.
var settings = []string{
	"listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=8GB", "shared_buffers=1GB", "work_mem=256MB",
	"maintenance_work_mem=512MB", "max_parallel_workers_per_gather=0", "max_parallel_maintenance_workers=1", "autovacuum=off",
}

// start starts the server. It listens only at a socket in a folder of its own.
func start(ctx context.Context, folder string) (*server, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	s := &server{}
	if s.sockets, err = os.MkdirTemp("", "alphanode-postgres-"); err != nil {
		return nil, err
	}
	if err := os.Chmod(s.sockets, 0o777); err != nil { //nolint:gosec // the server's account must write to it
		return nil, err
	}
	args := []string{"-D", filepath.Join(folder, "db"), "-k", s.sockets}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	if s.command, err = program("postgres", args...); err != nil {
		return nil, err
	}
	s.command.Stderr = &s.log
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	// An interrupt ends the input or the feed as well; the server must not outlive us.
	go func() {
		interrupted := make(chan os.Signal, 1)
		signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
		<-interrupted
		_ = s.command.Process.Signal(os.Interrupt)
	}()
	return s, s.connect(ctx)
}

func (s *server) connect(ctx context.Context) (err error) {
	for range 300 {
		if s.db, err = pgx.Connect(ctx, fmt.Sprintf("host=%s user=%s dbname=%s", s.sockets, account, account)); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	err = fmt.Errorf("%w: %s", err, s.log.String())
	return errors.Join(err, s.stop())
}

// stop ends the server and waits for it.
func (s *server) stop() error {
	var err error
	if s.db != nil {
		err = s.db.Close(context.Background())
	}
	err = errors.Join(err, s.command.Process.Signal(os.Interrupt), s.command.Wait())
	return errors.Join(err, os.RemoveAll(s.sockets))
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// peer is one engine.
type peer struct {
	name, dir string
	indexed   time.Duration
	// differs has the kinds for which its hits are not those of the majority, or
	// that it does not answer.
	differs map[string]string

	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// prepare compiles the driver and builds the index.
func (p *peer) prepare(ctx context.Context, posts string, reuse bool) error {
	p.differs = make(map[string]string)
	if err := p.make(ctx, "setup"); err != nil {
		return err
	}
	if reuse {
		_, err := os.Stat(filepath.Join(p.dir, "out", "index"))
		return err
	}
	start := time.Now()
	if err := p.make(ctx, "index", "POSTS="+posts); err != nil {
		return err
	}
	p.indexed = time.Since(start)
	return nil
}

func (p *peer) make(ctx context.Context, args ...string) error {
	command := exec.CommandContext(ctx, "make", append([]string{"--no-print-directory", "-s", "-C", p.dir}, args...)...)
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("make %s: %w: %s", args[0], err, out)
	}
	return nil
}

// start starts the driver.
func (p *peer) start(ctx context.Context) (err error) {
	p.command = exec.CommandContext(ctx, "make", "--no-print-directory", "-s", "-C", p.dir, "serve")
	p.command.Stderr = os.Stderr
	if p.in, err = p.command.StdinPipe(); err != nil {
		return err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return err
	}
	p.out = bufio.NewReaderSize(out, 1<<16)
	return p.command.Start()
}

// stop ends the driver by ending its input.
func (p *peer) stop() error {
	if p.command == nil {
		return nil
	}
	err := errors.Join(p.in.Close(), p.command.Wait())
	p.command = nil
	return err
}

// errUnsupported is the answer to what an engine cannot do.
var errUnsupported = errors.New("unsupported")

// ask sends one line and reads one.
func (p *peer) ask(command, query string) (string, error) {
	if _, err := io.WriteString(p.in, command+"\t"+query+"\n"); err != nil {
		return "", fmt.Errorf("%s: %w", p.name, err)
	}
	answer, err := p.out.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s: %s %q: %w", p.name, command, query, err)
	}
	answer = strings.TrimSuffix(answer, "\n")
	if answer == "UNSUPPORTED" {
		return "", errUnsupported
	}
	if reason, bad := strings.CutPrefix(answer, "ERROR "); bad {
		return "", fmt.Errorf("%s: %s %q: %s", p.name, command, query, reason)
	}
	return answer, nil
}

package protocol

import (
	"bufio"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// Serve answers lines COMMAND<TAB>query<TAB>tag until the input ends:
//
//	TOP10        the ids of the ten best, joined by spaces
//	TOP10_COUNT  how many match, then a tab, then those ids
//	FACETS       the same, then a tab and "field=value:count,value:count" for each facet
//	SET          how many match, then a tab, then the checksum of their ids
//
// Before each answer stand the nanoseconds that it took, and a tab. A query that
// the engine cannot answer is answered UNSUPPORTED; an error is answered
// "ERROR reason".
func Serve(in io.Reader, out io.Writer, engine Engine) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	buffered := bufio.NewWriter(out)
	for lines.Scan() {
		start := time.Now()
		answer, err := respond(engine, lines.Text())
		switch {
		case errors.Is(err, ErrUnsupported):
			answer = "UNSUPPORTED"
		case err != nil:
			answer = "ERROR " + strings.ReplaceAll(err.Error(), "\n", " ")
		default:
			answer = strconv.FormatInt(time.Since(start).Nanoseconds(), 10) + "\t" + answer
		}
		if _, err := buffered.WriteString(answer + "\n"); err != nil {
			return err
		}
		if err := buffered.Flush(); err != nil {
			return err
		}
	}
	return lines.Err()
}

func respond(engine Engine, line string) (string, error) {
	command, text, _ := strings.Cut(line, "\t")
	text, tag, _ := strings.Cut(text, "\t")
	q, err := ParseQuery(text)
	if err != nil {
		return "", err
	}
	q.Tag = tag
	switch command {
	case "TOP10":
		return top(engine, q, Best)
	case "TOP10_COUNT":
		return top(engine, q, Count)
	case "FACETS":
		return top(engine, q, Facets)
	case "SET":
		n, sum := 0, uint64(0)
		err := engine.All(q, func(id string) {
			n++
			sum += Checksum(id)
		})
		return fmt.Sprintf("%d\t%016x", n, sum), err
	}
	return "", fmt.Errorf("command %q: %w", command, ErrUnsupported)
}

func top(engine Engine, q Query, want Want) (string, error) {
	answer, err := engine.Top(q, 10, want)
	if err != nil {
		return "", err
	}
	return answer.line(want), nil
}

// Checksum is the 64-bit FNV-1a hash of an id; the sums of a set do not depend on
// its order.
func Checksum(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // A hash never fails.
	return h.Sum64()
}

// Driver is a program that drives one engine.
type Driver struct {
	// Index builds the index of a file of posts in a folder that is not there.
	Index func(posts, folder string) error
	// Open opens it. An engine that is an io.Closer is closed at the end.
	Open func(folder string) (Engine, error)
	// Similar finds the ten posts most like each of a number of posts, spread evenly
	// over the file, or of all of them, by two threads, and says for how many it did
	// and how long that took, once all was loaded. Nil where there is no such thing.
	Similar func(posts, folder string, sample int) (int, time.Duration, error)
}

// Main runs "index POSTS FOLDER", "serve FOLDER" or "similar POSTS FOLDER SAMPLE".
func (d Driver) Main() {
	if err := d.run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (d Driver) run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "index":
		return d.Index(args[1], args[2])
	case len(args) == 2 && args[0] == "serve":
		engine, err := d.Open(args[1])
		if err != nil {
			return err
		}
		err = Serve(os.Stdin, os.Stdout, engine)
		if closer, ok := engine.(io.Closer); ok {
			err = errors.Join(err, closer.Close())
		}
		return err
	case len(args) == 4 && args[0] == "similar" && d.Similar != nil:
		sample, err := strconv.Atoi(args[3])
		if err != nil {
			return fmt.Errorf("sample %q: %w", args[3], err)
		}
		n, took, err := d.Similar(args[1], args[2], sample)
		if err == nil {
			fmt.Printf("%d\t%.3f\n", n, took.Seconds())
		}
		return err
	}
	return errors.New("usage: index POSTS FOLDER | serve FOLDER | similar POSTS FOLDER SAMPLE")
}

package benchmarks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"alphanode/benchmarks/judge"
	"alphanode/benchmarks/relevance"
	"alphanode/benchmarks/relevance/compare"
)

// JudgeOptions are the flags of "alphanode bench judge".
type JudgeOptions struct {
	Task    relevance.Task
	Dataset string
	// Sides are what is pooled: saved runs and configurations, as in a comparison;
	// empty means the default configuration and the plain baseline.
	Sides []string
	// Depth is how many documents of each are judged; 0 means 10.
	Depth int
	// Book is the file that keeps the grades.
	Book string
	// Seed decides the order of the documents.
	Seed uint64
	// QrelsOut is a file for all judgments in TREC form, written at the end; empty
	// writes none.
	QrelsOut string

	// Addr is where the page is served until ctx is done; Listening, if not nil, is
	// told the address. Empty grades on the terminal instead, as Judge.
	Addr      string
	Listening func(addr string)
	Judge     string
	// Keys is the terminal in raw mode; Width its columns.
	Keys  io.Reader
	Width int

	Now      func() time.Time
	Progress func(stage string, done, total int)
}

// Judge pools the results of several configurations and has them graded, on a
// page or on the terminal; at the end it writes the agreement of the judges.
func Judge(ctx context.Context, stdout io.Writer, o JudgeOptions) (err error) {
	if o.Depth == 0 {
		o.Depth = 10
	}
	if len(o.Sides) == 0 {
		o.Sides = []string{DefaultSystem, "bm25"}
	}
	pool, err := o.pool(ctx)
	if err != nil {
		return err
	}
	book, err := judge.OpenBook(o.Book, o.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	if o.Addr != "" {
		err = o.serve(ctx, pool, book)
	} else {
		_, err = (&judge.Terminal{Pool: pool, Book: book, Judge: o.Judge, In: o.Keys, Out: stdout, Width: o.Width}).Run()
	}
	if err != nil {
		return err
	}
	judge.WriteAgreement(stdout, book.Agreement())
	return writeFile(o.QrelsOut, func(w io.Writer) error { return relevance.WriteQrels(w, book.Qrels()) })
}

func (o JudgeOptions) pool(ctx context.Context) (judge.Pool, error) {
	collection, err := relevance.OpenQueries(o.Dataset)
	if err != nil {
		return nil, err
	}
	var runs []relevance.Run
	for _, spec := range o.Sides {
		side, err := compare.Measure(ctx, compare.Options{
			Task: o.Task, Dataset: o.Dataset, Systems: Systems(o.Now), Default: DefaultSystem, Now: o.Now, Progress: o.Progress,
		}, collection, spec)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", spec, err)
		}
		runs = append(runs, side.Run)
	}
	pool := judge.NewPool(collection.Queries, runs, o.Depth, o.Seed)
	src, err := collection.Documents()
	if errors.Is(err, relevance.ErrNoDocuments) {
		return pool, nil
	}
	if err != nil {
		return nil, err
	}
	return pool, pool.Fill(ctx, src)
}

func (o JudgeOptions) serve(ctx context.Context, pool judge.Pool, book *judge.Book) error {
	page, err := judge.NewPage(pool, book)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return fmt.Errorf("serve the judging page: %w", err)
	}
	if o.Listening != nil {
		o.Listening(listener.Addr().String())
	}
	server := &http.Server{Handler: page, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second}
	stop := context.AfterFunc(ctx, func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(closing) // A page that is being read may be cut off.
	})
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the judging page: %w", err)
	}
	return nil
}

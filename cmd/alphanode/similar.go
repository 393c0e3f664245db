package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"alphanode/index"
)

// similarAnswer is what the verb shows of the body of /v1/posts/{id}/similar.
type similarAnswer struct {
	ID      string `json:"id"`
	Similar []struct {
		ID      string             `json:"id"`
		URL     string             `json:"url"`
		Title   string             `json:"title"`
		Score   float64            `json:"score"`
		Reasons []string           `json:"reasons"`
		Fill    bool               `json:"fill"`
		Pick    string             `json:"pick"`
		Explain *index.Explanation `json:"explain"`
	} `json:"similar"`
}

type similarOptions struct {
	*rootOptions
	asJSON, explain, all bool
	out, progress        string
	filter               string
	limit                int
}

func newSimilarCommand(root *rootOptions) *cobra.Command {
	o := &similarOptions{rootOptions: root}
	cmd := &cobra.Command{
		Use:   "similar [flags] ID | similar --all [--out FILE]",
		Short: "List the posts like a post, with reasons; pin and exclude posts",
		Long: `List the posts like one post, each with the reasons and the numbers behind them.

With --all the neighbour graph is brought up to date with the store and written
as JSON lines, one post a line, for a static site generator.

The sub-commands pin and exclude write what editors want; "alphanode curation" reads
and writes the whole document. The list of a post whose id is "pin" or "exclude" is
had by the API.`,
		Example: `  alphanode similar --data ./data 2024/bbolt-crash-safety
  alphanode similar --data ./data --filter 'difficulty:beginner' 2024/bbolt-crash-safety
  alphanode similar --data ./data --all --out similar.jsonl
  alphanode similar pin --data ./data 2024/bbolt-crash-safety 2023/fsync`,
		Args: func(cmd *cobra.Command, args []string) error {
			want := 1
			if o.all {
				want = 0
			}
			return exactArgs(cobra.ExactArgs(want))(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.all {
				return o.runAll(cmd.Context())
			}
			return o.runOne(cmd.Context(), args[0])
		},
	}
	o.dataFlag(cmd)
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "print the body of /v1/posts/{id}/similar")
	cmd.Flags().BoolVar(&o.explain, "explain", false, "show where each score comes from")
	cmd.Flags().BoolVar(&o.all, "all", false, "all posts, as JSON lines")
	cmd.Flags().StringVar(&o.out, "out", "", "with --all: the file to write; stdout when empty")
	cmd.Flags().StringVar(&o.progress, "progress", "auto", "with --all: auto, json or none")
	cmd.Flags().IntVar(&o.limit, "limit", 10, "neighbours of each post, at most 50")
	cmd.Flags().StringVar(&o.filter, "filter", "", "only posts that match, such as 'tag:go AND year:2023..2025'")
	cmd.AddCommand(newSimilarPin(root), newSimilarExclude(root))
	return cmd
}

func (o *similarOptions) runOne(ctx context.Context, id string) error {
	return o.with(ctx, func(c *client) error {
		values := url.Values{"id": {id}, "limit": {strconv.Itoa(o.limit)}}
		if o.explain {
			values.Set("explain", "true")
		}
		if o.filter != "" {
			values.Set("filter", o.filter)
		}
		if err := c.buildGraph(ctx, noProgress{}); err != nil {
			return err
		}
		var answer similarAnswer
		raw, err := c.get(ctx, "/v1/post/similar", values, &answer)
		if err != nil {
			return err
		}
		if o.asJSON {
			_, err := fmt.Fprintf(o.stdout, "%s\n", raw)
			return err
		}
		answer.print(o.stdout)
		return nil
	})
}

// print writes the neighbours for a person.
func (a *similarAnswer) print(w io.Writer) {
	for i, n := range a.Similar {
		mark := ""
		switch {
		case n.Fill:
			mark = "  (fill)"
		case n.Pick != "":
			mark = "  (" + strings.ReplaceAll(n.Pick, "_", " ") + ")"
		}
		fmt.Fprintf(w, "%2d. %s  (%.3f)%s\n    %s\n", i+1, n.Title, n.Score, mark, cmp.Or(n.URL, n.ID))
		if len(n.Reasons) > 0 {
			fmt.Fprintf(w, "    %s\n", strings.Join(n.Reasons, "; "))
		}
		printExplanation(w, n.Explain, 2)
	}
	if len(a.Similar) == 0 {
		fmt.Fprintln(w, "no similar posts")
	}
}

// buildGraph brings the graph up to date where this process holds the
// directory; a server keeps its own up to date.
func (c *client) buildGraph(ctx context.Context, p progress) error {
	if c.app == nil {
		return nil
	}
	defer p.Done()
	return c.app.Engine.BuildGraph(ctx, func(done, total int) { p.Report("similar posts", int64(done), int64(total)) })
}

// gcPercent is the growth of the heap, in per cent, after which garbage is collected
// while the lists of so many posts are made. Most of the heap is arrays without pointers,
// which cost the collector nothing, and what is made beside them is soon garbage.
func gcPercent(posts int) int {
	const few, small, large = 200_000, 40, 20
	if posts <= few {
		return small
	}
	return large
}

func (o *similarOptions) runAll(ctx context.Context) error {
	show, err := newProgress(o.progress, o.stderr, o.now)
	if err != nil {
		return err
	}
	return o.with(ctx, func(c *client) error {
		if c.app != nil && os.Getenv("GOGC") == "" {
			defer debug.SetGCPercent(debug.SetGCPercent(gcPercent(c.app.Store.Len())))
		}
		if err := c.buildGraph(ctx, show); err != nil {
			return err
		}
		resp, err := c.do(ctx, http.MethodGet, "/v1/similar:all", url.Values{"limit": {strconv.Itoa(o.limit)}}, nil)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		return o.write(resp.Body)
	})
}

// write copies the lines to --out, by way of a temporary file, so that nothing
// half-written is ever there under the name; or to stdout.
func (o *similarOptions) write(lines io.Reader) (err error) {
	if o.out == "" {
		_, err = io.Copy(o.stdout, lines)
		return err
	}
	return writeFile(o.out, func(w io.Writer) error {
		_, err := io.Copy(w, lines)
		return err
	})
}

// writeFile writes name whole or not at all.
func writeFile(name string, fill func(io.Writer) error) (err error) {
	tmp := name + ".tmp"
	f, err := os.Create(tmp)
	if err != nil {
		return err
	}
	if err = errors.Join(fill(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return os.Rename(tmp, name)
}

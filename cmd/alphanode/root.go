package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"
)

// environment is what the program takes from outside; tests replace it.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
}

// rootOptions are the flags that every verb has.
type rootOptions struct {
	environment
	data     string
	logLevel string
	logger   *slog.Logger
}

func newRootCommand(env environment) *cobra.Command {
	opts := &rootOptions{environment: env}
	root := &cobra.Command{
		Use:   "alphanode",
		Short: "Search and similar posts for sites with technical content",
		Long: `alphanode answers a site's search box and lists the posts like a post.

Posts live in one data directory: posts.db is the truth, the search index and
the neighbour graph are derived from it and may be deleted at any time.`,
		Example: `  alphanode serve --data ./data --demo
  alphanode import --data ./data content/posts
  alphanode search --data ./data 'tag:go "garbage collector" -java'
  alphanode similar --data ./data 2024/bbolt-crash-safety`,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return opts.openLog()
		},
	}
	root.SetOut(env.stdout)
	root.SetErr(env.stderr)
	root.SetIn(env.stdin)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(fmt.Errorf("%w\nSee '%s --help'", err, cmd.CommandPath()))
	})
	root.PersistentFlags().StringVar(&opts.logLevel, "log-level", "warn", "log to stderr from this level: debug, info, warn, error")
	root.AddCommand(
		newServeCommand(opts), newImportCommand(opts), newGenerateCommand(opts),
		newSearchCommand(opts), newSimilarCommand(opts), newCheckCommand(opts),
		newCurationCommand(opts), newReindexCommand(opts), newBenchCommand(opts), newVersionCommand(opts),
	)
	return root
}

// openLog makes the logger; logs go to stderr, answers to stdout.
func (o *rootOptions) openLog() error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(o.logLevel)); err != nil {
		return usage(fmt.Errorf("--log-level %q: want debug, info, warn or error", o.logLevel))
	}
	o.logger = slog.New(slog.NewTextHandler(o.stderr, &slog.HandlerOptions{Level: level}))
	return nil
}

// dataFlag adds --data to a verb that works on a data directory.
func (o *rootOptions) dataFlag(cmd *cobra.Command) {
	fallback := os.Getenv("ALPHANODE_DATA")
	if fallback == "" {
		fallback = "data"
	}
	cmd.Flags().StringVar(&o.data, "data", fallback, "data directory; also by ALPHANODE_DATA")
}

// exactArgs is cobra's rule with our exit code for wrong usage.
func exactArgs(rule cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := rule(cmd, args); err != nil {
			return usage(fmt.Errorf("%w\nSee '%s --help'", err, cmd.CommandPath()))
		}
		return nil
	}
}

package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"alphanode/corpus/synth"
)

func newGenerateCommand(o *rootOptions) *cobra.Command {
	var posts int
	var seed uint64
	var out string
	cmd := &cobra.Command{
		Use:   "generate --posts N [--seed S] [--out FILE]",
		Short: "Write a load corpus of any size as JSON lines",
		Long: `Write N generated posts, one JSON object a line, in the format that import reads.
The same seed gives the same bytes on every machine.`,
		Example: `  alphanode generate --posts 100000 --seed 1 --out posts.jsonl
  alphanode generate --posts 2000 | alphanode import --data ./data --format jsonl -`,
		Args: exactArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if posts < 1 {
				return usage(fmt.Errorf("--posts %d: want at least 1", posts))
			}
			write := func(w io.Writer) error { return synth.New(seed, posts).WriteJSONL(cmd.Context(), w, 0) }
			if out == "" {
				return write(o.stdout)
			}
			return writeFile(out, write)
		},
	}
	cmd.Flags().IntVar(&posts, "posts", 2000, "how many posts")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of the generator")
	cmd.Flags().StringVar(&out, "out", "", "the file to write; stdout when empty")
	return cmd
}

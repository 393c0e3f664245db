package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"alphanode/index/curation"
)

func newCurationCommand(o *rootOptions) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "curation",
		Short: "Synonyms, rules, stop words, and pins of similar posts",
		Long: "Read and write what editors lay down: " + strings.Join(curation.Kinds(), ", ") + ".\n\n" +
			"Each kind is one document, as JSON or YAML, with a version number.",
		Example: `  alphanode curation get synonyms
  alphanode curation get synonyms synonyms.yaml
  alphanode curation put synonyms synonyms.yaml
  alphanode curation history rules`,
		Args: exactArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newCurationGet(o), newCurationPut(o), newCurationHistory(o))
	return cmd
}

// curationVersion is the answer of the routes that name versions.
type curationVersion struct {
	Kind      string    `json:"kind"`
	Version   uint64    `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
	Bytes     int       `json:"bytes"`
	Unknown   []string  `json:"unknown"`
}

func newCurationGet(o *rootOptions) *cobra.Command {
	var version uint
	var asYAML bool
	cmd := &cobra.Command{
		Use:   "get [flags] KIND [FILE]",
		Short: "Print a document, or write it to a file",
		Long: "Print a document, or write it to FILE: as YAML when the name ends in .yaml or .yml\n" +
			"or with --yaml, as JSON otherwise.",
		Args: exactArgs(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			values := url.Values{}
			if version > 0 {
				values.Set("version", strconv.FormatUint(uint64(version), 10))
			}
			return o.with(cmd.Context(), func(c *client) error {
				doc, err := c.get(cmd.Context(), "/v1/curation/"+url.PathEscape(args[0]), values, new(json.RawMessage))
				if err != nil {
					return err
				}
				file := ""
				if len(args) == 2 {
					file = args[1]
				}
				return o.writeCuration(doc, file, asYAML || isYAML(file))
			})
		},
	}
	o.dataFlag(cmd)
	cmd.Flags().UintVar(&version, "version", 0, "an older version; the latest when 0")
	cmd.Flags().BoolVar(&asYAML, "yaml", false, "print YAML")
	return cmd
}

func isYAML(file string) bool {
	ext := strings.ToLower(filepath.Ext(file))
	return ext == ".yaml" || ext == ".yml"
}

// writeCuration writes a document to a file, or to stdout.
func (o *rootOptions) writeCuration(doc []byte, file string, asYAML bool) error {
	var out bytes.Buffer
	if asYAML {
		data, err := curation.YAML(doc)
		if err != nil {
			return err
		}
		out.Write(data)
	} else {
		if err := json.Indent(&out, doc, "", "  "); err != nil {
			return fmt.Errorf("indent: %w", err)
		}
		out.WriteByte('\n')
	}
	if file == "" || file == "-" {
		_, err := o.stdout.Write(out.Bytes())
		return err
	}
	return os.WriteFile(file, out.Bytes(), 0o644) //nolint:gosec // what an editor edits is no secret
}

func newCurationPut(o *rootOptions) *cobra.Command {
	version := int64(-1)
	cmd := &cobra.Command{
		Use:   "put [flags] KIND [FILE]",
		Short: "Write a document, read from a file or from stdin",
		Long:  "Write a document, JSON or YAML, read from FILE, or from stdin without one or for -.",
		Args:  exactArgs(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := o.readCuration(args[1:])
			if err != nil {
				return err
			}
			doc, err := curation.Normalise(args[0], data)
			if err != nil {
				return usage(fmt.Errorf("%s: %w", strings.Join(args, " "), err))
			}
			return o.with(cmd.Context(), func(c *client) error {
				v, err := c.putCuration(cmd.Context(), args[0], doc, version)
				if err != nil {
					return err
				}
				o.reportUnknown(v)
				_, err = fmt.Fprintf(o.stdout, "%s version %d\n", v.Kind, v.Version)
				return err
			})
		},
	}
	o.dataFlag(cmd)
	cmd.Flags().Int64Var(&version, "if-version", -1, "write only when this version is still the latest; 0: when there is none yet")
	return cmd
}

// readCuration reads the file that is named, or stdin.
func (o *rootOptions) readCuration(files []string) ([]byte, error) {
	if len(files) > 0 && files[0] != "-" {
		return os.ReadFile(files[0])
	}
	data, err := io.ReadAll(io.LimitReader(o.stdin, curation.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read stdin: %w", err)
	}
	return data, nil
}

// putCuration writes a document; a negative version is not checked.
func (c *client) putCuration(ctx context.Context, kind string, doc []byte, version int64) (v curationVersion, err error) {
	header := http.Header{"Content-Type": {"application/json"}}
	if version >= 0 {
		header.Set("If-Match", `"`+strconv.FormatInt(version, 10)+`"`)
	}
	resp, err := c.send(ctx, http.MethodPut, "/v1/curation/"+url.PathEscape(kind), nil, bytes.NewReader(doc), header)
	if err != nil {
		return v, err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		return v, fmt.Errorf("decode the answer: %w", err)
	}
	return v, nil
}

func newCurationHistory(o *rootOptions) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "history [flags] KIND",
		Short: "List the versions that are kept, the latest first",
		Args:  exactArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.with(cmd.Context(), func(c *client) error {
				var answer struct {
					Versions []curationVersion `json:"versions"`
				}
				raw, err := c.get(cmd.Context(), "/v1/curation/"+url.PathEscape(args[0])+"/history", nil, &answer)
				if err != nil {
					return err
				}
				if asJSON {
					_, err := fmt.Fprintf(o.stdout, "%s\n", raw)
					return err
				}
				for _, v := range answer.Versions {
					fmt.Fprintf(o.stdout, "%6d  %s  %d bytes\n", v.Version, v.UpdatedAt.Format(time.DateTime), v.Bytes)
				}
				return nil
			})
		},
	}
	o.dataFlag(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the body of the answer")
	return cmd
}

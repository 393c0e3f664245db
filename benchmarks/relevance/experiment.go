package relevance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"go.yaml.in/yaml/v3"
)

// Experiment is a claim about figures, in a file that is checked in: this
// collection, asked with these configurations, gives these values.
type Experiment struct {
	Name string `yaml:"name"`
	// Note says what the collection is and what its figures can be compared with.
	Note       string        `yaml:"note"`
	Task       Task          `yaml:"task"`
	Collection CollectionRef `yaml:"collection"`
	// Tolerance is by how much a value may differ; 0 means [DefaultTolerance].
	Tolerance float64 `yaml:"tolerance,omitempty"`
	Runs      []Trial `yaml:"runs"`

	file string
}

// DefaultTolerance lets the last of four digits differ by one.
const DefaultTolerance = 0.0001

// CollectionRef says where a collection is and what it must hold.
type CollectionRef struct {
	// Path is a folder: below the folder of public collections or, for a
	// generated one, beside the experiment.
	Path string `yaml:"path"`
	// Generated is set when the documents are made at run time.
	Generated *Generated `yaml:"generated,omitempty"`
	// SHA256 has the checksums of the contents, uncompressed, of the documents,
	// the queries and the judgments.
	SHA256 Checksums `yaml:"sha256"`
}

// Generated says which posts of the generator are the documents.
type Generated struct {
	Seed  uint64 `yaml:"seed"`
	Posts int    `yaml:"posts"`
}

// Checksums are SHA-256 sums in hexadecimal.
type Checksums struct {
	Corpus  string `yaml:"corpus"`
	Queries string `yaml:"queries"`
	Qrels   string `yaml:"qrels"`
}

// Trial is one configuration with what it must give.
type Trial struct {
	// System is the name of a system that the verifier knows.
	System string `yaml:"system"`
	Config Config `yaml:"configuration,omitempty"`
	// Index is what the index must hold; nil is not checked.
	Index    *IndexStats        `yaml:"index,omitempty"`
	Expected map[string]float64 `yaml:"expected"`
	// Tolerance is the experiment's unless given for a measure here.
	Tolerance map[string]float64 `yaml:"tolerance,omitempty"`
}

// Config is what differs from a system's default configuration.
type Config struct {
	// AsOf is the day that freshness is counted to; zero means today.
	AsOf time.Time `json:"as_of,omitzero" yaml:"as_of,omitempty"`
	// NoPrior ranks by relevance alone.
	NoPrior bool `json:"no_prior,omitempty" yaml:"no_prior,omitempty"`
	// NoRules leaves lists of similar posts as the scores have them.
	NoRules bool `json:"no_rules,omitempty" yaml:"no_rules,omitempty"`
	// Weight replaces the weights of text fields, by field name; a regression can
	// be tried with it.
	Weight map[string]float64 `json:"weight,omitempty" yaml:"weight,omitempty"`
}

// LoadExperiment reads an experiment. A member that is not known, and a measure
// that cannot be read, is an error.
func LoadExperiment(path string) (*Experiment, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load experiment: %w", err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	e := &Experiment{file: path}
	if err := decoder.Decode(e); err != nil {
		return nil, fmt.Errorf("load experiment %s: %w", path, err)
	}
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("load experiment %s: %w", path, err)
	}
	return e, nil
}

func (e *Experiment) check() error {
	switch {
	case e.Name == "" || e.Collection.Path == "" || len(e.Runs) == 0:
		return errors.New("name, collection.path and runs are needed")
	case e.Task != SearchTask && e.Task != SimilarTask:
		return fmt.Errorf("task %q is neither %s nor %s", e.Task, SearchTask, SimilarTask)
	}
	for _, run := range e.Runs {
		if len(run.Expected) == 0 {
			return fmt.Errorf("run of %s expects nothing", run.System)
		}
		for name := range run.Expected {
			m, err := ParseMeasure(name)
			if err != nil {
				return err
			}
			if m.String() != name {
				return fmt.Errorf("measure %q: write it %q", name, m)
			}
		}
	}
	return nil
}

// Save writes the experiment back to its file.
func (e *Experiment) Save() error {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode(e), encoder.Close()); err != nil {
		return fmt.Errorf("save experiment %s: %w", e.Name, err)
	}
	if err := os.WriteFile(e.file, out.Bytes(), 0o644); err != nil { //nolint:gosec // a file of the repository, not a secret
		return fmt.Errorf("save experiment %s: %w", e.Name, err)
	}
	return nil
}

// tolerance gives by how much a measure may differ.
func (e *Experiment) tolerance(run Trial, measure string) float64 {
	if t, ok := run.Tolerance[measure]; ok {
		return t
	}
	if e.Tolerance > 0 {
		return e.Tolerance
	}
	return DefaultTolerance
}

// dir gives the folder of the collection.
func (e *Experiment) dir(collections string) string {
	if e.Collection.Generated != nil {
		return filepath.Join(filepath.Dir(e.file), e.Collection.Path)
	}
	return filepath.Join(collections, e.Collection.Path)
}

// fileSum gives the checksum of what a file holds, uncompressed.
func fileSum(path string) (sum string, err error) {
	in, err := openInput(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	hash := sha256.New()
	if _, err := io.Copy(hash, in); err != nil {
		return "", in.fail(0, err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

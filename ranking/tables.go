package ranking

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
)

// tables are what a generation froze, in the form in which a graph keeps them.
type tables struct {
	Format        int
	Day           int32
	Posts         int
	AverageLength float64
	DF            [numChannels][]uint32
	Probing       probing
	SameDay       map[int32]uint32
	Labels        [numSpaces][]string
	TermHash      []uint64
	PairTerms     []uint64
	PairWritten   []uint32 // two spellings and the votes of each pair
	Best          [numSpaces][]uint32
	Plain         [numSpaces][]bool
	Spelled       []string
	Titles        finderTable
	Entities      finderTable
	Owners        jagged
	NameWeight    []float64
	IDs           []string
	Recommended   []string
}

// tablesFormat is raised whenever tables of the same frozen statistics would be
// other ones.
const tablesFormat = 2

// finderTable is a finder.
type finderTable struct {
	Pairs     []uint64 // by number
	Whole     jagged
	Terms     []uint32
	TermNames jagged // by place in Terms
	ByPair    jagged
}

// jagged are lists of numbers, one after another.
type jagged struct{ Lengths, All []uint32 }

var errTables = errors.New("the tables do not fit together")

// save writes what is frozen, so that restore reads it.
func (f *frozen) save(w io.Writer) error {
	t := tables{
		Format: tablesFormat, Day: f.day, Posts: f.posts, AverageLength: f.averageLength, DF: f.df, Probing: f.probing, SameDay: f.sameDay,
		TermHash: f.termHash, PairTerms: f.pairs.terms, Spelled: f.spelled.names, Titles: f.titled.finder.table(),
		Entities: f.entity.table(), Owners: f.titled.owners.jagged(), NameWeight: f.titled.weight, IDs: f.ids, Recommended: f.recommended,
	}
	for s := range f.labels {
		t.Labels[s], t.Best[s], t.Plain[s] = f.labels[s].names, f.written[s].best, f.written[s].plain
	}
	for _, w := range f.pairs.written {
		t.PairWritten = append(t.PairWritten, w.first, w.second, uint32(w.votes))
	}
	if err := gob.NewEncoder(w).Encode(t); err != nil {
		return fmt.Errorf("saving a generation: %w", err)
	}
	return nil
}

// restore reads what save wrote under the same configuration.
func restore(r io.Reader, c Config) (*frozen, error) {
	var t tables
	if err := gob.NewDecoder(r).Decode(&t); err != nil {
		return nil, fmt.Errorf("restoring a generation: %w", err)
	}
	f, err := t.frozen(c)
	if err != nil {
		return nil, fmt.Errorf("restoring a generation: %w", err)
	}
	return f, nil
}

func (t *tables) frozen(c Config) (*frozen, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	f := &frozen{
		config: c, day: t.Day, posts: t.Posts, averageLength: t.AverageLength, df: t.DF, probing: t.Probing, sameDay: t.SameDay, termHash: t.TermHash,
		spelled: &space{names: t.Spelled}, ids: t.IDs, recommended: t.Recommended, pairs: t.pairs(),
	}
	for s := range t.Labels {
		f.labels[s] = spaceOf(t.Labels[s])
		f.written[s] = spellings{best: t.Best[s], plain: t.Plain[s]}
	}
	var errs [3]error
	f.titled.weight = t.NameWeight
	f.titled.owners, errs[0] = t.Owners.groups()
	f.titled.finder, errs[1] = t.Titles.finder()
	f.entity, errs[2] = t.Entities.finder()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	f.prepare()
	return f, nil
}

// check finds what would not fit together. What is read comes from a file with
// checks of its own; this is for tables of another version.
func (t *tables) check() error {
	terms := len(t.Labels[termSpace])
	ok := t.Format == tablesFormat && len(t.TermHash) == terms && len(t.PairWritten) == 3*len(t.PairTerms) &&
		len(t.NameWeight) == len(t.Owners.Lengths) && len(t.Titles.Terms) == len(t.Titles.TermNames.Lengths) &&
		len(t.Entities.Terms) == len(t.Entities.TermNames.Lengths)
	for c, df := range t.DF {
		most := len(t.Labels[channelSpaces[c]])
		if channelSpaces[c] == pairSpace {
			most = len(t.PairTerms)
		}
		ok = ok && len(df) <= most
	}
	if !ok {
		return errTables
	}
	return nil
}

func (t *tables) pairs() *pairs {
	written := make([]writtenPair, len(t.PairTerms))
	for n := range written {
		w := t.PairWritten[3*n : 3*n+3]
		written[n] = writtenPair{first: w[0], second: w[1], votes: int32(w[2])}
	}
	return pairsOf(t.PairTerms, written)
}

func (f *finder) table() finderTable {
	t := finderTable{Pairs: f.pairs.terms, Whole: f.whole.jagged(), ByPair: f.byPair.jagged()}
	for term, names := range f.byTerm {
		t.Terms = append(t.Terms, term)
		t.TermNames.Lengths = append(t.TermNames.Lengths, uint32(len(names)))
		t.TermNames.All = append(t.TermNames.All, names...)
	}
	return t
}

func (t *finderTable) finder() (*finder, error) {
	f := &finder{pairs: keysOf(t.Pairs), byTerm: make(map[uint32][]uint32, len(t.Terms))}
	var errs [3]error
	var names groups
	f.whole, errs[0] = t.Whole.groups()
	f.byPair, errs[1] = t.ByPair.chains(len(t.Whole.Lengths))
	names, errs[2] = t.TermNames.groups()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	if len(f.byPair.first) > len(t.Pairs) {
		return nil, errTables
	}
	f.byPair.lists(len(t.Pairs))
	for k := range names.ends {
		f.byTerm[t.Terms[k]] = names.of(uint32(k))
	}
	return f, nil
}

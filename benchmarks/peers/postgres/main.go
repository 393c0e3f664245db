// Command postgres drives the full text search of PostgreSQL: a tsvector of title
// and body with a GIN index, ranked by ts_rank, arrays of tags and stacks. The server
// runs only as long as the driver.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"alphanode-peers/protocol"
)

func main() { protocol.Driver{Index: build, Open: open}.Main() }

const schema = `CREATE TABLE posts(n integer, id text, words tsvector, tags text[], stack text[], difficulty text)`

const indexes = `CREATE INDEX ON posts USING gin(words);
	CREATE INDEX ON posts USING gin(tags);
	VACUUM ANALYZE posts`

func build(posts, folder string) error {
	ctx := context.Background()
	if err := initialise(folder); err != nil {
		return err
	}
	s, err := start(ctx, folder)
	if err != nil {
		return err
	}
	err = fill(ctx, s.db, posts)
	if err == nil {
		for statement := range strings.SplitSeq(indexes, ";") {
			if _, err = s.db.Exec(ctx, statement); err != nil {
				break
			}
		}
	}
	return errors.Join(err, s.stop())
}

func fill(ctx context.Context, db *pgx.Conn, posts string) error {
	if _, err := db.Exec(ctx, schema); err != nil {
		return err
	}
	path := filepath.Join(os.TempDir(), fmt.Sprintf("alphanode-postgres-%d.tsv", os.Getpid()))
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer os.Remove(path)
	n := 0
	err = protocol.Posts(posts, func(p protocol.Post) error {
		n++
		_, err := fmt.Fprintf(f, "%d\t%s\t%s\t{%s}\t{%s}\t%s\n", n, p.ID, vector(p), strings.Join(p.Tags, ","), strings.Join(p.Stack, ","), p.Difficulty)
		return err
	})
	if err != nil {
		return errors.Join(err, f.Close())
	}
	if _, err := f.Seek(0, 0); err != nil {
		return errors.Join(err, f.Close())
	}
	_, err = db.PgConn().CopyFrom(ctx, f, "COPY posts FROM STDIN")
	return errors.Join(err, f.Close())
}

// gap keeps phrases from going on from the title into the body. A position is at
// most lastPosition, and a word has at most maxPositions.
const (
	gap          = 100
	lastPosition = 16383
	maxPositions = 255
	maxWord      = 2000 // bytes
)

// vector writes the words as a tsvector, so that no parser comes between.
func vector(p protocol.Post) string {
	positions := make(map[string][]string)
	at := 0
	add := func(text string) {
		for w := range strings.FieldsSeq(text) {
			if at++; len(w) <= maxWord && len(positions[w]) < maxPositions {
				positions[w] = append(positions[w], fmt.Sprint(min(at, lastPosition)))
			}
		}
	}
	add(p.Title)
	at += gap
	add(p.Body)
	var b strings.Builder
	for w, list := range positions {
		fmt.Fprintf(&b, "%s:%s ", w, strings.Join(list, ","))
	}
	return b.String()
}

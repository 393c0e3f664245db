// Command fts5 drives SQLite's FTS5 through the translation of SQLite to Go: two
// columns, bm25(), positions, and a table for each of the fields that are counted.
package main

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite"

	"alphanode-peers/protocol"
)

func main() { protocol.Driver{Index: build, Open: open}.Main() }

func connect(folder string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", filepath.Join(folder, "fts5.db"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec("PRAGMA cache_size=-400000; PRAGMA mmap_size=4000000000; PRAGMA temp_store=memory")
	return db, err
}

func build(posts, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	db, err := connect(folder)
	if err != nil {
		return err
	}
	if _, err := db.Exec(schema()); err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := fill(tx, posts); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	if _, err := db.Exec("INSERT INTO posts(posts) VALUES ('optimize')"); err != nil {
		return err
	}
	return db.Close()
}

// schema keeps the values of a post by the row that the post has among posts.
func schema() string {
	all := `PRAGMA journal_mode=off; PRAGMA synchronous=off;
		CREATE VIRTUAL TABLE posts USING fts5(id UNINDEXED, title, body, tokenize="unicode61 remove_diacritics 0");`
	for _, field := range protocol.FacetFields {
		all += "CREATE TABLE " + field + "(post INTEGER, value TEXT, PRIMARY KEY(post, value)) WITHOUT ROWID;"
	}
	return all + "CREATE INDEX tagged ON tags(value, post);"
}

func fill(tx *sql.Tx, posts string) error {
	insert, err := tx.Prepare("INSERT INTO posts(rowid, id, title, body) VALUES (?, ?, ?, ?)")
	if err != nil {
		return err
	}
	var values [len(protocol.FacetFields)]*sql.Stmt
	for i, field := range protocol.FacetFields {
		if values[i], err = tx.Prepare("INSERT INTO " + field + " VALUES (?, ?)"); err != nil {
			return err
		}
	}
	row := 0
	return protocol.Posts(posts, func(p protocol.Post) error {
		row++
		if _, err := insert.Exec(row, p.ID, p.Title, p.Body); err != nil {
			return err
		}
		for i, list := range [...][]string{p.Tags, p.Stack, {p.Difficulty}} {
			for _, value := range list {
				if _, err := values[i].Exec(row, value); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// engine has its statements twice: for all posts, and for those with a tag.
type engine struct {
	top, count, all [2]*sql.Stmt
	facets          [len(protocol.FacetFields)]*sql.Stmt
}

func open(folder string) (protocol.Engine, error) {
	db, err := connect(folder)
	if err != nil {
		return nil, err
	}
	var e engine
	const tagged = " AND +rowid IN (SELECT post FROM tags WHERE value = ?)"
	for i, filter := range [...]string{"", tagged} {
		for query, statement := range map[string]**sql.Stmt{
			"SELECT id FROM posts WHERE posts MATCH ?" + filter + " ORDER BY rank LIMIT ?": &e.top[i],
			"SELECT count(*) FROM posts WHERE posts MATCH ?" + filter:                      &e.count[i],
			"SELECT id FROM posts WHERE posts MATCH ?" + filter:                            &e.all[i],
		} {
			if *statement, err = db.Prepare(query); err != nil {
				return nil, err
			}
		}
	}
	for i, field := range protocol.FacetFields {
		e.facets[i], err = db.Prepare("SELECT value, count(*) FROM " + field +
			" WHERE post IN (SELECT rowid FROM posts WHERE posts MATCH ?) GROUP BY value ORDER BY 2 DESC, 1 LIMIT ?")
		if err != nil {
			return nil, err
		}
	}
	return e, nil
}

func quote(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = `"` + w + `"`
	}
	return out
}

// translate writes the query in FTS5's language; it has no fuzzy words.
func translate(q protocol.Query) (string, error) {
	switch {
	case q.Fuzzy != "":
		return "", protocol.ErrUnsupported
	case len(q.Phrase) > 0:
		return `"` + strings.Join(q.Phrase, " ") + `"`, nil
	case q.Prefix != "":
		return strings.Join(append(quote(q.Should), `"`+q.Prefix+`"*`), " OR "), nil
	case len(q.Must) > 0:
		return strings.Join(quote(q.Must), " AND "), nil
	}
	return strings.Join(quote(q.Should), " OR "), nil
}

// arguments gives which statement to use, and its arguments.
func arguments(q protocol.Query) (int, []any, error) {
	match, err := translate(q)
	if q.Tag == "" {
		return 0, []any{match}, err
	}
	return 1, []any{match, q.Tag}, err
}

func (e engine) Top(q protocol.Query, k int, want protocol.Want) (answer protocol.Answer, err error) {
	n, args, err := arguments(q)
	if err != nil {
		return answer, err
	}
	if want == protocol.Facets {
		if err := e.count3(args[0], &answer); err != nil {
			return answer, err
		}
	}
	if want >= protocol.Count {
		if err := e.count[n].QueryRow(args...).Scan(&answer.Total); err != nil {
			return answer, err
		}
	}
	rows, err := e.top[n].Query(append(args, k)...)
	if err != nil {
		return answer, err
	}
	err = each(rows, func(id string) { answer.IDs = append(answer.IDs, id) })
	return answer, err
}

// count3 counts the values of the three facets.
func (e engine) count3(match any, answer *protocol.Answer) error {
	for i := range e.facets {
		rows, err := e.facets[i].Query(match, protocol.FacetLimit)
		if err != nil {
			return err
		}
		for rows.Next() {
			var v protocol.Value
			if err := rows.Scan(&v.Name, &v.Count); err != nil {
				return errors.Join(err, rows.Close())
			}
			answer.Facets[i] = append(answer.Facets[i], v)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (e engine) All(q protocol.Query, visit func(string)) error {
	n, args, err := arguments(q)
	if err != nil {
		return err
	}
	rows, err := e.all[n].Query(args...)
	if err != nil {
		return err
	}
	return each(rows, visit)
}

func each(rows *sql.Rows, visit func(string)) error {
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		visit(id)
	}
	return rows.Err()
}

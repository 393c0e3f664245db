// Command fts5 drives SQLite's FTS5 through the translation of SQLite to Go: two
// columns, bm25(), positions.
package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite"

	"alphanode-peers/protocol"
)

func main() { protocol.Main(build, open) }

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
	if _, err := db.Exec(`PRAGMA journal_mode=off; PRAGMA synchronous=off;
		CREATE VIRTUAL TABLE posts USING fts5(id UNINDEXED, title, body, tokenize="unicode61 remove_diacritics 0")`); err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	insert, err := tx.Prepare("INSERT INTO posts(id, title, body) VALUES (?, ?, ?)")
	if err != nil {
		return err
	}
	if err := protocol.Posts(posts, func(p protocol.Post) error {
		_, err := insert.Exec(p.ID, p.Title, p.Body)
		return err
	}); err != nil {
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

type engine struct{ top, count, all *sql.Stmt }

func open(folder string) (protocol.Engine, error) {
	db, err := connect(folder)
	if err != nil {
		return nil, err
	}
	var e engine
	for query, statement := range map[string]**sql.Stmt{
		"SELECT id FROM posts WHERE posts MATCH ? ORDER BY rank LIMIT ?": &e.top,
		"SELECT count(*) FROM posts WHERE posts MATCH ?":                 &e.count,
		"SELECT id FROM posts WHERE posts MATCH ?":                       &e.all,
	} {
		if *statement, err = db.Prepare(query); err != nil {
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

func (e engine) Top(q protocol.Query, k int, count bool) (ids []string, total int, err error) {
	match, err := translate(q)
	if err != nil {
		return nil, 0, err
	}
	if count {
		if err := e.count.QueryRow(match).Scan(&total); err != nil {
			return nil, 0, err
		}
	}
	rows, err := e.top.Query(match, k)
	if err != nil {
		return nil, 0, err
	}
	err = each(rows, func(id string) { ids = append(ids, id) })
	return ids, total, err
}

func (e engine) All(q protocol.Query, visit func(string)) error {
	match, err := translate(q)
	if err != nil {
		return err
	}
	rows, err := e.all.Query(match)
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

package main

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"alphanode-peers/protocol"
)

type engine struct{ server *server }

func open(folder string) (protocol.Engine, error) {
	s, err := start(context.Background(), folder)
	if err != nil {
		return nil, err
	}
	return &engine{server: s}, nil
}

// Close ends the server.
func (e *engine) Close() error { return e.server.stop() }

// translate writes the query as a tsquery; it has no fuzzy words.
func translate(q protocol.Query) (string, error) {
	switch {
	case q.Fuzzy != "":
		return "", protocol.ErrUnsupported
	case len(q.Phrase) > 0:
		return strings.Join(q.Phrase, " <-> "), nil
	case q.Prefix != "":
		return strings.Join(append(q.Should, q.Prefix+":*"), " | "), nil
	case len(q.Must) > 0:
		return strings.Join(q.Must, " & "), nil
	}
	return strings.Join(q.Should, " | "), nil
}

// where gives the condition and its arguments.
func where(q protocol.Query) (string, []any, error) {
	text, err := translate(q)
	if q.Tag == "" {
		return " WHERE words @@ $1::tsquery", []any{text}, err
	}
	return " WHERE words @@ $1::tsquery AND tags @> ARRAY[$2]", []any{text, q.Tag}, err
}

// Top asks one statement for the best, one for the total, and one for each facet.
func (e *engine) Top(q protocol.Query, k int, want protocol.Want) (answer protocol.Answer, err error) {
	condition, args, err := where(q)
	if err != nil {
		return answer, err
	}
	ctx := context.Background()
	rows, err := e.server.db.Query(ctx, "SELECT id FROM posts"+condition+" ORDER BY ts_rank(words, $1::tsquery) DESC, n LIMIT 10", args...)
	if err != nil {
		return answer, err
	}
	if answer.IDs, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || want == protocol.Best {
		return answer, err
	}
	if err := e.server.db.QueryRow(ctx, "SELECT count(*) FROM posts"+condition, args...).Scan(&answer.Total); err != nil || want == protocol.Count {
		return answer, err
	}
	for i, from := range [...]string{"posts, unnest(tags) v", "posts, unnest(stack) v", "posts, LATERAL (SELECT difficulty v) d"} {
		rows, err := e.server.db.Query(ctx, "SELECT v, count(*) FROM "+from+condition+" GROUP BY v ORDER BY 2 DESC, 1 LIMIT 10", args...)
		if err != nil {
			return answer, err
		}
		if answer.Facets[i], err = pgx.CollectRows(rows, pgx.RowToStructByPos[protocol.Value]); err != nil {
			return answer, err
		}
	}
	return answer, nil
}

// All visits every match.
func (e *engine) All(q protocol.Query, visit func(string)) error {
	condition, args, err := where(q)
	if err != nil {
		return err
	}
	rows, err := e.server.db.Query(context.Background(), "SELECT id FROM posts"+condition, args...)
	if err != nil {
		return err
	}
	var id string
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		visit(id)
		return nil
	})
	return err
}

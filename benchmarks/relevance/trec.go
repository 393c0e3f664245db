package relevance

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// ReadQrels reads judgments in TREC form ("query iteration document grade",
// separated by white space) or in BEIR form ("query<TAB>document<TAB>grade",
// under a header line). An id that is judged twice with different grades is an
// error.
func ReadQrels(path string) (Qrels, error) {
	qrels := make(Qrels)
	err := eachLine(path, func(line int, text string) error {
		query, doc, grade, err := qrelFields(text)
		if err != nil {
			return err
		}
		n, err := parseGrade(grade)
		switch {
		case err != nil && line == 1 && isHeader(query):
			return nil
		case err != nil:
			return err
		}
		return addJudgment(qrels, query, doc, n)
	})
	return qrels, err
}

func isHeader(first string) bool {
	first = strings.ToLower(first)
	return first == "query-id" || first == "query_id" || first == "qid" || first == "query"
}

func qrelFields(text string) (query, doc, grade string, err error) {
	if f := strings.Split(text, "\t"); len(f) == 3 {
		return strings.TrimSpace(f[0]), strings.TrimSpace(f[1]), strings.TrimSpace(f[2]), nil
	}
	f := strings.Fields(text)
	if len(f) != 4 {
		return "", "", "", fmt.Errorf("a judgment has 4 fields (query iteration document grade) or 3 between tabs, not %d", len(f))
	}
	return f[0], f[2], f[3], nil
}

// parseGrade reads a whole number; "2.0" is one.
func parseGrade(s string) (int, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1e6 {
		return 0, fmt.Errorf("grade %q is not a whole number", s)
	}
	return int(f), nil
}

func addJudgment(qrels Qrels, query, doc string, grade int) error {
	if query == "" || doc == "" {
		return fmt.Errorf("judgment without query or document")
	}
	if old, conflict := qrels.add(query, doc, grade); conflict {
		return fmt.Errorf("document %q of query %q is graded %d here and %d before", doc, query, grade, old)
	}
	return nil
}

// ReadRun reads a run in TREC form: "query Q0 document rank score tag". A
// document that occurs twice for a query is an error, as in trec_eval.
func ReadRun(path string) (Run, error) {
	run := make(Run)
	seen := make(map[[2]string]bool)
	err := eachLine(path, func(_ int, text string) error {
		f := strings.Fields(text)
		if len(f) != 6 {
			return fmt.Errorf("a line of a run has 6 fields (query Q0 document rank score tag), not %d", len(f))
		}
		score, err := strconv.ParseFloat(f[4], 64)
		if err != nil || math.IsNaN(score) {
			return fmt.Errorf("score %q is not a number", f[4])
		}
		key := [2]string{f[0], f[2]}
		if seen[key] {
			return fmt.Errorf("document %q occurs twice for query %q", f[2], f[0])
		}
		seen[key] = true
		run[f[0]] = append(run[f[0]], Ranked{ID: f[2], Score: score})
		return nil
	})
	return run, err
}

// WriteRun writes a run in TREC form, queries in ascending order, documents in
// the order of [Order]. White space in ids, which the form cannot hold, is
// written as "%20" and the like.
func WriteRun(w io.Writer, run Run, tag string) error {
	out := bufio.NewWriter(w)
	for _, query := range slices.Sorted(maps.Keys(run)) {
		for rank, doc := range Order(run[query]) {
			score := strconv.FormatFloat(doc.Score, 'g', -1, 32)
			fmt.Fprintf(out, "%s Q0 %s %d %s %s\n", trecID(query), trecID(doc.ID), rank+1, score, trecID(tag))
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write run: %w", err)
	}
	return nil
}

// WriteQrels writes judgments in TREC form, in ascending order.
func WriteQrels(w io.Writer, qrels Qrels) error {
	out := bufio.NewWriter(w)
	for _, query := range qrels.Queries() {
		docs := qrels[query]
		for _, doc := range slices.Sorted(maps.Keys(docs)) {
			fmt.Fprintf(out, "%s 0 %s %d\n", trecID(query), trecID(doc), docs[doc])
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write qrels: %w", err)
	}
	return nil
}

// trecID makes an id one word.
func trecID(id string) string {
	if !strings.ContainsAny(id, " \t\n\r\v\f") {
		return id
	}
	var b strings.Builder
	for _, c := range []byte(id) {
		if strings.IndexByte(" \t\n\r\v\f", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// strictly gives scores that fall from rank to rank in single precision, so that
// every evaluation tool ranks the documents of a list as the system did. Only
// scores that do not fall are changed, by the least amount.
func strictly(docs []Ranked) []Ranked {
	out := slices.Clone(docs)
	for i := range out {
		s := float32(out[i].Score)
		if i > 0 {
			if last := float32(out[i-1].Score); !(s < last) {
				s = math.Nextafter32(last, float32(math.Inf(-1)))
			}
		}
		out[i].Score = float64(s)
	}
	return out
}

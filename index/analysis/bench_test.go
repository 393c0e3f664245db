package analysis_test

import (
	"strings"
	"testing"

	"alphanode/index/analysis"
)

const (
	english = `The first useful improvement is usually visibility. Collect the response time, error rate, cache status and database
call count before changing code; if those numbers are not available, add a lightweight log line instead of guessing. Large sites
need predictable background work. Queues, cron events and import scripts should be idempotent, logged, and safe to run again:
that makes recovery much easier when a request stops halfway through. Don't trust a lucky cache hit. `
	source = `func (s *Server) ListenAndServe(ctx context.Context, addr string) error {
	listener, err := net.Listen("tcp", addr) // may fail: the port is in use
	if err != nil {
		return fmt.Errorf("listen on %q: %w", addr, err)
	}
	for i := 0; i < len(s.client_ip_headers); i++ {
		headers[i] = http.CanonicalHeaderKey(s.client_ip_headers[i])
	}
	return s.httpServer.Serve(listener)
}
`
	german  = "Die Größe der Häuser in den Städten wächst über Jahre hinweg, während müde Bürger schöne Gärten für später träumen. "
	russian = "Быстрая коричневая лиса прыгает через ленивую собаку, пока сервер отвечает на запросы пользователей. "
	chinese = "全文検索エンジンは文書を索引し、利用者の質問に素早く答える。数据库的索引可以加快查询速度。"
)

func BenchmarkAppend(b *testing.B) {
	for _, c := range []struct {
		name, text string
		mode       analysis.Mode
	}{
		{"english", english, analysis.Prose},
		{"code", source, analysis.Code},
		{"mixed", english + "Call `http.Server.Serve` or use --flag-name=x with node.js 18.2, C++17 and café.\n" + source, analysis.Prose},
		{"german", german, analysis.Prose},
		{"russian", russian, analysis.Prose},
		{"cjk", chinese, analysis.Prose},
	} {
		b.Run(c.name, func(b *testing.B) {
			text := strings.Repeat(c.text, 1+20000/len(c.text))
			a := analysis.For("en")
			dst := a.Append(nil, text, c.mode)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			b.ReportMetric(float64(len(dst)), "tokens/op")
			for b.Loop() {
				dst = a.Append(dst[:0], text, c.mode)
			}
		})
	}
}

func BenchmarkStem(b *testing.B) {
	var terms []string
	for _, t := range analysis.For("en").Append(nil, english, analysis.Prose) {
		terms = append(terms, t.Term)
	}
	a := analysis.For("en")
	b.Run("uncached", func(b *testing.B) {
		for b.Loop() {
			for _, t := range terms {
				a.Stem(t)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(terms)), "ns/term")
	})
	b.Run("cached", func(b *testing.B) {
		s := a.NewStemmer()
		for b.Loop() {
			for _, t := range terms {
				s.Stem(t)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(terms)), "ns/term")
	})
}

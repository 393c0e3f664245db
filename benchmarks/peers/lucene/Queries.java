import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** Makes Lucene's trees of the queries of ../README.md. */
final class Queries {
  private Queries() {}

  static Query parse(String text, String tag) {
    Query words = words(text);
    if (tag.isEmpty()) {
      return words;
    }
    return new BooleanQuery.Builder()
        .add(words, Occur.MUST)
        .add(new TermQuery(new Term("tags", tag)), Occur.FILTER)
        .build();
  }

  private static Query words(String text) {
    if (text.startsWith("\"")) {
      String[] words = text.replace("\"", "").trim().split(" +");
      return fields(field -> new PhraseQuery(field, words));
    }
    List<Query> must = new ArrayList<>();
    List<Query> should = new ArrayList<>();
    for (String w : text.trim().split(" +")) {
      if (w.startsWith("+")) {
        must.add(word(w.substring(1)));
      } else if (w.endsWith("~1")) {
        String stem = w.substring(0, w.length() - 2);
        return fields(field -> new FuzzyQuery(new Term(field, stem), 1, 1));
      } else if (w.endsWith("*")) {
        String start = w.substring(0, w.length() - 1);
        should.add(fields(field -> new PrefixQuery(new Term(field, start))));
      } else {
        should.add(word(w));
      }
    }
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    must.forEach(q -> builder.add(q, Occur.MUST));
    should.forEach(q -> builder.add(q, Occur.SHOULD));
    return builder.build();
  }

  private static Query fields(Function<String, Query> make) {
    return new BooleanQuery.Builder()
        .add(make.apply("title"), Occur.SHOULD)
        .add(make.apply("body"), Occur.SHOULD)
        .build();
  }

  private static Query word(String text) {
    return fields(field -> new TermQuery(new Term(field, text)));
  }
}

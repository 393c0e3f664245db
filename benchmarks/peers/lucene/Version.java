import java.io.IOException;
import org.apache.lucene.facet.Facets;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;

/** What Lucene 8 calls otherwise than Lucene 10. */
final class Version {
  /** The ten best, with the counts of facets. */
  static final class Counted {
    TopDocs top;
    long total;
    Facets facets;
  }

  final IndexSearcher searcher;
  private final SortedSetDocValuesReaderState state;

  Version(IndexSearcher searcher) throws IOException {
    this.searcher = searcher;
    state = new DefaultSortedSetDocValuesReaderState(searcher.getIndexReader());
    BooleanQuery.setMaxClauseCount(Integer.MAX_VALUE);
  }

  TopDocs countAll(Query query, int k) throws IOException {
    TopScoreDocCollector collector = TopScoreDocCollector.create(k, Integer.MAX_VALUE);
    searcher.search(query, collector);
    return collector.topDocs();
  }

  long total(TopDocs top) {
    return top.totalHits.value;
  }

  Counted facets(Query query, int k) throws IOException {
    FacetsCollector collector = new FacetsCollector();
    Counted counted = new Counted();
    counted.top = FacetsCollector.search(searcher, query, k, collector);
    counted.facets = new SortedSetDocValuesFacetCounts(state, collector);
    for (FacetsCollector.MatchingDocs docs : collector.getMatchingDocs()) {
      counted.total += docs.totalHits;
    }
    return counted;
  }

  String id(int doc) throws IOException {
    return searcher.doc(doc).get("id");
  }
}

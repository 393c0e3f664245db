import java.io.IOException;
import org.apache.lucene.facet.Facets;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsCollectorManager;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;

/** What Lucene 10 calls otherwise than Lucene 8. */
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
    state = new DefaultSortedSetDocValuesReaderState(searcher.getIndexReader(), Driver.facetsConfig());
    IndexSearcher.setMaxClauseCount(Integer.MAX_VALUE);
  }

  TopDocs countAll(Query query, int k) throws IOException {
    return searcher.search(query, new TopScoreDocCollectorManager(k, null, Integer.MAX_VALUE));
  }

  long total(TopDocs top) {
    return top.totalHits.value();
  }

  Counted facets(Query query, int k) throws IOException {
    Counted counted = new Counted();
    FacetsCollectorManager.FacetsResult result = FacetsCollectorManager.search(searcher, query, k, new FacetsCollectorManager());
    FacetsCollector collector = result.facetsCollector();
    counted.top = result.topDocs();
    counted.facets = new SortedSetDocValuesFacetCounts(state, collector);
    for (FacetsCollector.MatchingDocs docs : collector.getMatchingDocs()) {
      counted.total += docs.totalHits();
    }
    return counted;
  }

  String id(int doc) throws IOException {
    return searcher.storedFields().document(doc).get("id");
  }
}

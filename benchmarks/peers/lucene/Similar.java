import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.queries.mlt.MoreLikeThis;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.MMapDirectory;

/** Finds similar posts by MoreLikeThis. */
final class Similar {
  private Similar() {}

  /** How often the sample is gone through; the last time is what counts, all is compiled then. */
  private static final int PASSES = 3;

  static void run(Path posts, Path folder, int sample, int threads) throws Exception {
    List<String> bodies;
    try (Stream<String> lines = Files.lines(posts)) {
      bodies = lines.map(line -> line.split("\t", 4)[2]).collect(Collectors.toList());
    }
    int total = bodies.size();
    int n = sample <= 0 || sample > total ? total : sample;
    IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(new MMapDirectory(folder)));
    searcher.setQueryCache(null);
    double seconds = 0;
    for (int pass = 0; pass < (n == total ? 1 : PASSES); pass++) {
      long start = System.nanoTime();
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      Future<?>[] done = new Future<?>[threads];
      for (int t = 0; t < threads; t++) {
        int first = t;
        done[t] =
            pool.submit(
                () -> {
                  MoreLikeThis like = settings(searcher);
                  for (int i = first; i < n; i += threads) {
                    String body = bodies.get((int) ((long) i * total / n));
                    // The post itself is among the eleven.
                    searcher.search(like.like("body", new StringReader(body)), 11);
                  }
                  return null;
                });
      }
      for (Future<?> f : done) {
        f.get();
      }
      pool.shutdown();
      seconds = (System.nanoTime() - start) / 1e9;
    }
    System.out.printf("%d\t%.3f%n", n, seconds);
  }

  private static MoreLikeThis settings(IndexSearcher searcher) throws IOException {
    MoreLikeThis like = new MoreLikeThis(searcher.getIndexReader());
    like.setAnalyzer(new WhitespaceAnalyzer());
    like.setFieldNames(new String[] {"body"});
    like.setMaxQueryTerms(25);
    like.setMinTermFreq(2);
    like.setMinDocFreq(5);
    like.setMaxDocFreqPct(20);
    return like;
  }
}

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.facet.FacetResult;
import org.apache.lucene.facet.Facets;
import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.facet.LabelAndValue;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/**
 * Drives Lucene: two text fields with positions, BM25, facets as sorted-set doc values, only the id
 * stored. What differs between versions of Lucene is in Version. The protocol is in ../README.md.
 */
public final class Driver {
  private static final String[] FACETS = {"tags", "stack", "difficulty"};
  private static final int THREADS = 2;

  /** Checksums of all ids, made when sets are asked for. */
  private static long[] sums;

  public static void main(String[] args) throws Exception {
    if (args.length == 3 && args[0].equals("index")) {
      index(Paths.get(args[1]), Paths.get(args[2]));
    } else if (args.length == 2 && args[0].equals("serve")) {
      serve(Paths.get(args[1]));
    } else if (args.length == 4 && args[0].equals("similar")) {
      Similar.run(Paths.get(args[1]), Paths.get(args[2]), Integer.parseInt(args[3]), THREADS);
    } else {
      System.err.println("usage: index POSTS FOLDER | serve FOLDER | similar POSTS FOLDER SAMPLE");
      System.exit(1);
    }
  }

  static FacetsConfig facetsConfig() {
    FacetsConfig config = new FacetsConfig();
    config.setMultiValued("tags", true);
    config.setMultiValued("stack", true);
    return config;
  }

  /** One thread reads lines, two index them. */
  private static void index(Path posts, Path folder) throws Exception {
    IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer());
    config.setRAMBufferSizeMB(256);
    BlockingQueue<String> lines = new ArrayBlockingQueue<>(1024);
    String end = new String();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (Directory directory = new MMapDirectory(folder);
        IndexWriter writer = new IndexWriter(directory, config);
        BufferedReader in = Files.newBufferedReader(posts)) {
      Future<?>[] done = new Future<?>[THREADS];
      for (int i = 0; i < THREADS; i++) {
        done[i] =
            threads.submit(
                () -> {
                  FacetsConfig facets = facetsConfig();
                  for (String line = lines.take(); line != end; line = lines.take()) {
                    writer.addDocument(facets.build(document(line)));
                  }
                  return null;
                });
      }
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.put(line);
      }
      for (int i = 0; i < THREADS; i++) {
        lines.put(end);
      }
      for (Future<?> f : done) {
        f.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static Document document(String line) {
    String[] fields = line.split("\t", -1);
    Document document = new Document();
    document.add(new StringField("id", fields[0], Field.Store.YES));
    document.add(new TextField("title", fields[1], Field.Store.NO));
    document.add(new TextField("body", fields[2], Field.Store.NO));
    for (int i = 0; i < FACETS.length; i++) {
      for (String value : fields[3 + i].split(" ")) {
        if (!value.isEmpty()) {
          document.add(new StringField(FACETS[i], value, Field.Store.NO));
          document.add(new SortedSetDocValuesFacetField(FACETS[i], value));
        }
      }
    }
    return document;
  }

  private static void serve(Path folder) throws Exception {
    IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(new MMapDirectory(folder)));
    searcher.setQueryCache(null);
    Version version = new Version(searcher);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      long start = System.nanoTime();
      String answer;
      try {
        String[] fields = line.split("\t", -1);
        answer = answer(version, fields[0], Queries.parse(fields[1], fields.length > 2 ? fields[2] : ""));
        if (!answer.equals("UNSUPPORTED")) {
          answer = (System.nanoTime() - start) + "\t" + answer;
        }
      } catch (Exception e) {
        answer = "ERROR " + String.valueOf(e).replace('\n', ' ');
      }
      out.println(answer);
      out.flush();
    }
  }

  private static String answer(Version version, String command, Query query) throws Exception {
    switch (command) {
      case "TOP10":
        // Lucene's default: it may stop counting, and skip what cannot be among the ten.
        return ids(version, version.searcher.search(query, 10));
      case "TOP10_COUNT":
        {
          TopDocs top = version.countAll(query, 10);
          return version.total(top) + "\t" + ids(version, top);
        }
      case "FACETS":
        {
          Version.Counted counted = version.facets(query, 10);
          StringBuilder out = new StringBuilder();
          out.append(counted.total).append('\t').append(ids(version, counted.top));
          for (String field : FACETS) {
            out.append('\t').append(field).append('=').append(values(counted.facets, field));
          }
          return out.toString();
        }
      case "SET":
        {
          if (sums == null) {
            sums = new long[version.searcher.getIndexReader().maxDoc()];
            for (int doc = 0; doc < sums.length; doc++) {
              sums[doc] = checksum(version.id(doc));
            }
          }
          long sum = 0;
          ScoreDoc[] all = version.searcher.search(query, version.searcher.getIndexReader().maxDoc()).scoreDocs;
          for (ScoreDoc doc : all) {
            sum += sums[doc.doc];
          }
          return all.length + "\t" + String.format("%016x", sum);
        }
      default:
        return "UNSUPPORTED";
    }
  }

  private static String values(Facets facets, String field) throws Exception {
    FacetResult result = facets.getTopChildren(10, field);
    StringBuilder out = new StringBuilder();
    if (result != null) {
      for (LabelAndValue v : result.labelValues) {
        out.append(out.length() > 0 ? "," : "").append(v.label).append(':').append(v.value.longValue());
      }
    }
    return out.toString();
  }

  private static String ids(Version version, TopDocs top) throws Exception {
    StringBuilder out = new StringBuilder();
    for (ScoreDoc doc : top.scoreDocs) {
      out.append(out.length() > 0 ? " " : "").append(version.id(doc.doc));
    }
    return out.toString();
  }

  /** 64-bit FNV-1a. */
  private static long checksum(String id) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}

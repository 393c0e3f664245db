import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/** Drives Lucene 8: two text fields, BM25, positions, only the id stored. The protocol is in ../README.md. */
public final class Driver {
  public static void main(String[] args) throws Exception {
    if (args.length == 3 && args[0].equals("index")) {
      index(Paths.get(args[1]), Paths.get(args[2]));
    } else if (args.length == 2 && args[0].equals("serve")) {
      serve(Paths.get(args[1]));
    } else {
      System.err.println("usage: index POSTS FOLDER | serve FOLDER");
      System.exit(1);
    }
  }

  private static void index(Path posts, Path folder) throws Exception {
    IndexWriterConfig config = new IndexWriterConfig(new WhitespaceAnalyzer());
    config.setRAMBufferSizeMB(256);
    try (Directory directory = new MMapDirectory(folder);
        IndexWriter writer = new IndexWriter(directory, config);
        BufferedReader in = Files.newBufferedReader(posts)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] fields = line.split("\t", -1);
        Document document = new Document();
        document.add(new StringField("id", fields[0], Field.Store.YES));
        document.add(new TextField("title", fields[1], Field.Store.NO));
        document.add(new TextField("body", fields[2], Field.Store.NO));
        writer.addDocument(document);
      }
    }
  }

  private static void serve(Path folder) throws Exception {
    IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(new MMapDirectory(folder)));
    searcher.setQueryCache(null);
    BooleanQuery.setMaxClauseCount(Integer.MAX_VALUE);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String answer;
      try {
        int tab = line.indexOf('\t');
        answer = answer(searcher, line.substring(0, tab), parse(line.substring(tab + 1)));
      } catch (Exception e) {
        answer = "ERROR " + String.valueOf(e.getMessage()).replace('\n', ' ');
      }
      out.println(answer);
      out.flush();
    }
  }

  private static String answer(IndexSearcher searcher, String command, Query query) throws Exception {
    switch (command) {
      case "TOP10":
        // Lucene's default: it may stop counting, and skip what cannot be among the ten.
        return ids(searcher, searcher.search(query, 10).scoreDocs);
      case "TOP10_COUNT": {
        TopScoreDocCollector collector = TopScoreDocCollector.create(10, Integer.MAX_VALUE);
        searcher.search(query, collector);
        TopDocs top = collector.topDocs();
        return top.totalHits.value + "\t" + ids(searcher, top.scoreDocs);
      }
      case "SET": {
        long sum = 0;
        ScoreDoc[] all = searcher.search(query, searcher.getIndexReader().maxDoc()).scoreDocs;
        for (ScoreDoc doc : all) {
          sum += checksum(searcher.doc(doc.doc).get("id"));
        }
        return all.length + "\t" + String.format("%016x", sum);
      }
      default:
        return "UNSUPPORTED";
    }
  }

  private static String ids(IndexSearcher searcher, ScoreDoc[] docs) throws Exception {
    StringBuilder out = new StringBuilder();
    for (ScoreDoc doc : docs) {
      out.append(out.length() > 0 ? " " : "").append(searcher.doc(doc.doc).get("id"));
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

  private static Query fields(Function<String, Query> make) {
    return new BooleanQuery.Builder().add(make.apply("title"), Occur.SHOULD).add(make.apply("body"), Occur.SHOULD).build();
  }

  private static Query word(String text) {
    return fields(field -> new TermQuery(new Term(field, text)));
  }

  private static Query parse(String text) {
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
        return fields(field -> new FuzzyQuery(new Term(field, stem), 1));
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
}

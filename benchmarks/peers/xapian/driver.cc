// Drives Xapian: words of the title and of the body as terms with a prefix and positions, BM25, values for what is
// counted, the id as the data of a document. The protocol is in ../README.md.
#include <xapian.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

const char* const kFacets[] = {"tags", "stack", "difficulty"};
constexpr Xapian::doccount kBest = 10;
constexpr size_t kLongest = 240;  // Xapian's terms have 245 bytes at most; of longer words the beginning is kept.

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) {
    if (at == '\t' || !part.empty()) out.push_back(part);
  }
  return out;
}

void index(const std::string& posts, const std::string& folder) {
  Xapian::WritableDatabase db(folder, Xapian::DB_CREATE_OR_OVERWRITE);
  std::ifstream in(posts);
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> fields = split(line + "\t", '\t');
    fields.resize(6);
    Xapian::Document document;
    document.set_data(fields[0]);
    for (int field = 1; field <= 2; field++) {
      Xapian::termpos position = 0;
      for (const std::string& word : split(fields[field], ' ')) {
        document.add_posting((field == 1 ? "S" : "B") + word.substr(0, kLongest), ++position);
      }
    }
    for (int facet = 0; facet < 3; facet++) {
      document.add_value(facet, fields[3 + facet]);
    }
    for (const std::string& tag : split(fields[3], ' ')) document.add_boolean_term("T" + tag);
    db.add_document(document);
  }
  db.commit();
}

// Counts the values of a facet, of which a document may have several.
class Counter : public Xapian::MatchSpy {
 public:
  explicit Counter(Xapian::valueno slot) : slot_(slot) {}

  void operator()(const Xapian::Document& document, double) override {
    const std::string values = document.get_value(slot_);
    for (size_t from = 0; from < values.size();) {
      size_t to = std::min(values.find(' ', from), values.size());
      counts_[values.substr(from, to - from)]++;
      from = to + 1;
    }
  }

  std::string top() const {
    std::vector<std::pair<long, std::string>> order;
    for (const auto& [value, count] : counts_) order.emplace_back(-count, value);
    std::sort(order.begin(), order.end());
    if (order.size() > kBest) order.resize(kBest);
    std::string out;
    for (const auto& [count, value] : order) {
      out += (out.empty() ? "" : ",") + value + ":" + std::to_string(-count);
    }
    return out;
  }

 private:
  Xapian::valueno slot_;
  std::map<std::string, long> counts_;
};

template <typename Make>
Xapian::Query fields(Make make) {
  return Xapian::Query(Xapian::Query::OP_OR, make("S"), make("B"));
}

Xapian::Query term(const std::string& word) {
  return fields([&](const std::string& prefix) { return Xapian::Query(prefix + word); });
}

// Makes the tree of a query; false when there is none, for typing mistakes.
bool parse(const std::string& text, Xapian::Query* out) {
  if (text[0] == '"') {
    std::vector<std::string> words = split(text.substr(1, text.size() - 2), ' ');
    *out = fields([&](const std::string& prefix) {
      std::vector<std::string> terms;
      for (const std::string& word : words) terms.push_back(prefix + word);
      return Xapian::Query(Xapian::Query::OP_PHRASE, terms.begin(), terms.end(), terms.size());
    });
    return true;
  }
  std::vector<Xapian::Query> must, should;
  for (const std::string& w : split(text, ' ')) {
    if (w[0] == '+') {
      must.push_back(term(w.substr(1)));
    } else if (w.size() > 2 && w.compare(w.size() - 2, 2, "~1") == 0) {
      return false;
    } else if (w.back() == '*') {
      const std::string start = w.substr(0, w.size() - 1);
      should.push_back(fields([&](const std::string& prefix) {
        return Xapian::Query(Xapian::Query::OP_WILDCARD, prefix + start);
      }));
    } else {
      should.push_back(term(w));
    }
  }
  *out = must.empty() ? Xapian::Query(Xapian::Query::OP_OR, should.begin(), should.end())
                      : Xapian::Query(Xapian::Query::OP_AND, must.begin(), must.end());
  return true;
}

std::string ids(const Xapian::MSet& found) {
  std::string out;
  for (auto it = found.begin(); it != found.end(); ++it) {
    out += (out.empty() ? "" : " ") + it.get_document().get_data();
  }
  return out;
}

// 64-bit FNV-1a.
uint64_t checksum(const std::string& id) {
  uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char c : id) hash = (hash ^ c) * 0x100000001b3;
  return hash;
}

std::string set(const Xapian::Database& db, const Xapian::MSet& found) {
  static std::vector<uint64_t> sums;  // of all ids, made when sets are asked for
  for (Xapian::docid id = sums.size(); id <= db.get_lastdocid(); id++) {
    sums.push_back(id == 0 ? 0 : checksum(db.get_document(id).get_data()));
  }
  uint64_t sum = 0;
  for (auto it = found.begin(); it != found.end(); ++it) sum += sums[*it];
  char out[64];
  std::snprintf(out, sizeof out, "%u\t%016llx", found.size(), static_cast<unsigned long long>(sum));
  return out;
}

std::string answer(Xapian::Database& db, const std::string& line) {
  const std::vector<std::string> parts = split(line, '\t');
  Xapian::Query query;
  if (!parse(parts.at(1), &query)) return "UNSUPPORTED";
  if (parts.size() > 2 && !parts[2].empty()) {
    query = Xapian::Query(Xapian::Query::OP_FILTER, query, Xapian::Query("T" + parts[2]));
  }
  Xapian::Enquire enquire(db);
  enquire.set_query(query);
  const Xapian::doccount all = db.get_doccount();
  if (parts[0] == "TOP10") return ids(enquire.get_mset(0, kBest));
  if (parts[0] == "SET") return set(db, enquire.get_mset(0, all));
  std::deque<Counter> counters;
  if (parts[0] == "FACETS") {
    for (Xapian::valueno slot = 0; slot < 3; slot++) counters.emplace_back(slot);
    for (Counter& counter : counters) enquire.add_matchspy(&counter);
  } else if (parts[0] != "TOP10_COUNT") {
    return "UNSUPPORTED";
  }
  const Xapian::MSet found = enquire.get_mset(0, kBest, all);
  std::string out = std::to_string(found.get_matches_estimated()) + "\t" + ids(found);
  for (size_t i = 0; i < counters.size(); i++) out += std::string("\t") + kFacets[i] + "=" + counters[i].top();
  return out;
}

void serve(const std::string& folder) {
  Xapian::Database db(folder);
  for (std::string line; std::getline(std::cin, line);) {
    const auto start = std::chrono::steady_clock::now();
    std::string out;
    try {
      out = answer(db, line);
      if (out != "UNSUPPORTED") {
        const auto took = std::chrono::steady_clock::now() - start;
        out = std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(took).count()) + "\t" + out;
      }
    } catch (const Xapian::Error& error) {
      out = "ERROR " + error.get_msg();
    }
    std::cout << out << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string verb = argc > 1 ? argv[1] : "";
    if (verb == "index" && argc == 4) {
      index(argv[2], argv[3]);
    } else if (verb == "serve" && argc == 3) {
      serve(argv[2]);
    } else {
      std::cerr << "usage: index POSTS FOLDER | serve FOLDER" << std::endl;
      return 1;
    }
  } catch (const Xapian::Error& error) {
    std::cerr << error.get_description() << std::endl;
    return 1;
  }
}

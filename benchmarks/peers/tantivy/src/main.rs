//! Drives tantivy: two text fields with positions, BM25, keyword fields as columns, the id stored. The protocol is in ../README.md.

mod queries;
mod similar;

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::time::Instant;

use serde_json::{json, Value};
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::AggregationCollector;
use tantivy::collector::{Count, DocSetCollector, TopDocs};
use tantivy::query::Query;
use tantivy::schema::{
    Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions, Value as _, FAST, STORED, STRING,
};
use tantivy::{doc, DocAddress, Index, Searcher, TantivyDocument};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const FACETS: [&str; 3] = ["tags", "stack", "difficulty"];
const THREADS: usize = 2;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["index", posts, folder] => index(posts, folder),
        ["serve", folder] => serve(folder),
        ["similar", posts, folder, sample] => similar::run(posts, folder, sample.parse()?, THREADS),
        _ => Err("usage: index POSTS FOLDER | serve FOLDER | similar POSTS FOLDER SAMPLE".into()),
    }
}

fn schema() -> Schema {
    let mut builder = Schema::builder();
    let words = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    builder.add_text_field("title", words.clone());
    builder.add_text_field("body", words);
    builder.add_text_field("id", STRING | STORED);
    for field in FACETS {
        builder.add_text_field(field, STRING | FAST);
    }
    builder.build()
}

fn index(posts: &str, folder: &str) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let index = Index::create_in_dir(folder, schema())?;
    let schema = index.schema();
    let (id, title, body) = (schema.get_field("id")?, schema.get_field("title")?, schema.get_field("body")?);
    let mut facets = Vec::new();
    for field in FACETS {
        facets.push(schema.get_field(field)?);
    }
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(THREADS, 256 << 20)?;
    for line in BufReader::new(File::open(posts)?).lines() {
        let line = line?;
        let fields: Vec<&str> = line.split('\t').collect();
        let mut document = doc!(id => fields[0], title => fields[1], body => fields[2]);
        for (i, field) in facets.iter().enumerate() {
            for value in fields[3 + i].split(' ').filter(|v| !v.is_empty()) {
                document.add_text(*field, value);
            }
        }
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}

/// What a driver answers from.
pub struct Engine {
    searcher: Searcher,
    schema: Schema,
    id: Field,
    facets: Aggregations,
    /// Checksums of all ids, made when sets are asked for.
    sums: RefCell<Vec<Vec<u64>>>,
}

impl Engine {
    pub fn open(folder: &str) -> Result<Engine> {
        let index = Index::open_in_dir(folder)?;
        let searcher = index.reader()?.searcher();
        let mut request = json!({});
        for field in FACETS {
            request[field] = json!({"terms": {"field": field, "size": 10}});
        }
        let facets = serde_json::from_value(request)?;
        let schema = index.schema();
        let id = schema.get_field("id")?;
        Ok(Engine { searcher, schema, id, facets, sums: RefCell::default() })
    }

    pub fn field(&self, name: &str) -> Result<Field> {
        Ok(self.schema.get_field(name)?)
    }

    fn id(&self, address: DocAddress) -> Result<String> {
        let document: TantivyDocument = self.searcher.doc(address)?;
        let id = document.get_first(self.id).and_then(|v| v.as_str().map(String::from));
        Ok(id.unwrap_or_default())
    }

    fn names(&self, top: Vec<(f32, DocAddress)>) -> Result<String> {
        let mut out = Vec::new();
        for (_, address) in top {
            out.push(self.id(address)?);
        }
        Ok(out.join(" "))
    }

    fn answer(&self, line: &str) -> Result<String> {
        let fields: Vec<&str> = line.split('\t').collect();
        let query = queries::parse(self, fields[1], fields.get(2).copied().unwrap_or(""))?;
        let best = TopDocs::with_limit(10).order_by_score();
        match fields[0] {
            "TOP10" => self.names(self.searcher.search(&query, &best)?),
            "TOP10_COUNT" => {
                let (top, total) = self.searcher.search(&query, &(best, Count))?;
                Ok(format!("{total}\t{}", self.names(top)?))
            }
            "FACETS" => {
                let facets = AggregationCollector::from_aggs(self.facets.clone(), Default::default());
                let (top, total, counted) = self.searcher.search(&query, &(best, Count, facets))?;
                let counted = serde_json::to_value(counted)?;
                let counts: Vec<String> = FACETS.iter().map(|field| values(&counted, field)).collect();
                Ok(format!("{total}\t{}\t{}", self.names(top)?, counts.join("\t")))
            }
            "SET" => self.set(&query),
            _ => Ok(String::from("UNSUPPORTED")),
        }
    }

    fn set(&self, query: &dyn Query) -> Result<String> {
        let found = self.searcher.search(query, &DocSetCollector)?;
        let mut sums = self.sums.borrow_mut();
        if sums.is_empty() {
            for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
                let mut of_segment = Vec::new();
                for doc in 0..reader.max_doc() {
                    of_segment.push(checksum(&self.id(DocAddress::new(segment as u32, doc))?));
                }
                sums.push(of_segment);
            }
        }
        let sum = found.iter().fold(0u64, |sum, at| {
            sum.wrapping_add(sums[at.segment_ord as usize][at.doc_id as usize])
        });
        Ok(format!("{}\t{sum:016x}", found.len()))
    }
}

fn values(counted: &Value, field: &str) -> String {
    let buckets = counted[field]["buckets"].as_array().cloned().unwrap_or_default();
    let list: Vec<String> = buckets
        .iter()
        .map(|b| format!("{}:{}", b["key"].as_str().unwrap_or(""), b["doc_count"]))
        .collect();
    format!("{field}={}", list.join(","))
}

/// 64-bit FNV-1a.
fn checksum(id: &str) -> u64 {
    id.bytes().fold(0xcbf29ce484222325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100000001b3)
    })
}

fn serve(folder: &str) -> Result<()> {
    let engine = Engine::open(folder)?;
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let start = Instant::now();
        match engine.answer(&line) {
            Ok(answer) if answer == "UNSUPPORTED" => writeln!(out, "{answer}")?,
            Ok(answer) => writeln!(out, "{}\t{answer}", start.elapsed().as_nanos())?,
            Err(reason) => writeln!(out, "ERROR {}", reason.to_string().replace('\n', " "))?,
        }
        out.flush()?;
    }
    Ok(())
}

//! Finds similar posts by tantivy's MoreLikeThisQuery.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::time::Instant;

use tantivy::collector::TopDocs;
use tantivy::query::MoreLikeThisQuery;
use tantivy::schema::OwnedValue;

use crate::{Engine, Result};

pub fn run(posts: &str, folder: &str, sample: usize, threads: usize) -> Result<()> {
    let mut bodies = Vec::new();
    for line in BufReader::new(File::open(posts)?).lines() {
        bodies.push(line?.split('\t').nth(2).unwrap_or("").to_string());
    }
    let n = if sample == 0 || sample > bodies.len() { bodies.len() } else { sample };
    let engine = Engine::open(folder)?;
    let (searcher, body) = (&engine.searcher, engine.field("body")?);
    let start = Instant::now();
    std::thread::scope(|scope| -> Result<()> {
        let mut running = Vec::new();
        for first in 0..threads {
            let bodies = &bodies;
            running.push(scope.spawn(move || -> Result<()> {
                for i in (first..n).step_by(threads) {
                    let text = bodies[i * bodies.len() / n].clone();
                    let query = MoreLikeThisQuery::builder()
                        .with_min_doc_frequency(5)
                        .with_max_doc_frequency(bodies.len() as u64 / 5)
                        .with_min_term_frequency(2)
                        .with_max_query_terms(25)
                        .with_document_fields(vec![(body, vec![OwnedValue::Str(text)])]);
                    // The post itself is among the eleven.
                    searcher.search(&query, &TopDocs::with_limit(11).order_by_score())?;
                }
                Ok(())
            }));
        }
        for thread in running {
            thread.join().map_err(|_| "a thread failed")??;
        }
        Ok(())
    })?;
    println!("{n}\t{:.3}", start.elapsed().as_secs_f64());
    Ok(())
}

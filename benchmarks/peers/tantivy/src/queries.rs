//! Makes tantivy's trees of the queries of ../README.md.

use std::sync::Arc;

use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder, DFA, SINK_STATE};
use tantivy::query::{
    AutomatonWeight, BooleanQuery, ConstScoreQuery, EnableScoring, Occur, PhraseQuery, Query,
    RegexQuery, TermQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy_fst::Automaton;

use crate::{Engine, Result};

pub fn parse(engine: &Engine, text: &str, tag: &str) -> Result<Box<dyn Query>> {
    let words = words(engine, text)?;
    if tag.is_empty() {
        return Ok(words);
    }
    let term = Term::from_field_text(engine.field("tags")?, tag);
    let tagged = ConstScoreQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 0.0);
    Ok(Box::new(BooleanQuery::new(vec![(Occur::Must, words), (Occur::Must, Box::new(tagged))])))
}

fn words(engine: &Engine, text: &str) -> Result<Box<dyn Query>> {
    if let Some(phrase) = text.strip_prefix('"') {
        let list: Vec<&str> = phrase.trim_end_matches('"').split_whitespace().collect();
        return fields(engine, |field| {
            let mut terms: Vec<Term> = list.iter().map(|w| Term::from_field_text(field, w)).collect();
            match terms.len() {
                1 => Ok(Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::WithFreqs))),
                _ => Ok(Box::new(PhraseQuery::new(terms))),
            }
        });
    }
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for w in text.split_whitespace() {
        if let Some(word) = w.strip_prefix('+') {
            clauses.push((Occur::Must, term(engine, word)?));
        } else if let Some(word) = w.strip_suffix("~1") {
            return fields(engine, |field| Ok(Box::new(Fuzzy::new(field, word))));
        } else if let Some(start) = w.strip_suffix('*') {
            let pattern = format!("{start}.*");
            let prefix = fields(engine, |field| Ok(Box::new(RegexQuery::from_pattern(&pattern, field)?)))?;
            clauses.push((Occur::Should, prefix));
        } else {
            clauses.push((Occur::Should, term(engine, w)?));
        }
    }
    Ok(Box::new(BooleanQuery::new(clauses)))
}

fn fields(engine: &Engine, make: impl Fn(Field) -> Result<Box<dyn Query>>) -> Result<Box<dyn Query>> {
    let title = make(engine.field("title")?)?;
    let body = make(engine.field("body")?)?;
    Ok(Box::new(BooleanQuery::new(vec![(Occur::Should, title), (Occur::Should, body)])))
}

fn term(engine: &Engine, word: &str) -> Result<Box<dyn Query>> {
    fields(engine, |field| {
        Ok(Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs)))
    })
}

/// One edit away, with the same first letter, which tantivy's own query of typing mistakes does not
/// ask for.
#[derive(Clone)]
struct Fuzzy {
    field: Field,
    near: Arc<Near>,
}

struct Near {
    first: u8,
    dfa: DFA,
}

impl Fuzzy {
    fn new(field: Field, word: &str) -> Fuzzy {
        let dfa = builder().build_dfa(word);
        Fuzzy { field, near: Arc::new(Near { first: word.as_bytes()[0], dfa }) }
    }
}

/// Builds automata; making it takes a while.
fn builder() -> &'static LevenshteinAutomatonBuilder {
    static BUILDER: std::sync::OnceLock<LevenshteinAutomatonBuilder> = std::sync::OnceLock::new();
    BUILDER.get_or_init(|| LevenshteinAutomatonBuilder::new(1, true))
}

impl std::fmt::Debug for Fuzzy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fuzzy({:?})", self.field)
    }
}

impl Query for Fuzzy {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AutomatonWeight::<Near>::new(self.field, self.near.clone())))
    }
}

impl Automaton for Near {
    /// The state of the DFA, and whether the first letter was read.
    type State = (u32, bool);

    fn start(&self) -> Self::State {
        (self.dfa.initial_state(), false)
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.1 && matches!(self.dfa.distance(state.0), Distance::Exact(_))
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.0 != SINK_STATE
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        if !state.1 && byte != self.first {
            return (SINK_STATE, true);
        }
        (self.dfa.transition(state.0, byte), true)
    }
}

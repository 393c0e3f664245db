// Package corpus answers: what is a post, where are posts and neighbour lists
// kept, and how do they get in.
//
// Its nouns are [Post], [Change], [Store] (posts.db, the truth), [Graph]
// (similar.db, derived) and [Source] (anything posts can be read from). It knows
// nothing of search, ranking or HTTP; everything else in the program imports it.
package corpus

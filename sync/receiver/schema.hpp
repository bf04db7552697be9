#pragma once

namespace hefang::receiver {

constexpr int schema_version = 1;

/// `head` is the hash of the fact `through`; `newest` the largest sequence stored, also beyond a gap.
constexpr const char* schema = R"sql(
CREATE TABLE stream(
  id INTEGER PRIMARY KEY, gateway TEXT NOT NULL, epoch TEXT NOT NULL, through INTEGER NOT NULL, head BLOB NOT NULL,
  newest INTEGER NOT NULL, repeats INTEGER NOT NULL, quarantined INTEGER NOT NULL, UNIQUE(gateway, epoch)) STRICT;
CREATE TABLE fact(
  stream INTEGER NOT NULL REFERENCES stream(id), sequence INTEGER NOT NULL, hash BLOB NOT NULL, type TEXT NOT NULL,
  fault TEXT, bytes BLOB NOT NULL, PRIMARY KEY(stream, sequence)) STRICT;
CREATE INDEX fact_quarantined ON fact(stream, sequence) WHERE fault IS NOT NULL;
CREATE TABLE presence(
  gateway TEXT PRIMARY KEY, state TEXT NOT NULL, start TEXT NOT NULL, n INTEGER NOT NULL, boot TEXT NOT NULL,
  epoch TEXT NOT NULL, last TEXT NOT NULL, acked TEXT NOT NULL, version TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE alarm(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, gateway TEXT NOT NULL, epoch TEXT NOT NULL, sequence INTEGER NOT NULL,
  kind TEXT NOT NULL, hash BLOB NOT NULL, detail TEXT NOT NULL, bytes BLOB NOT NULL,
  UNIQUE(gateway, epoch, sequence, kind, hash)) STRICT;
)sql";

}  // namespace hefang::receiver
